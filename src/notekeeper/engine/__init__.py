"""The engine: child processes that hold the language model and the sentence encoder, and the clients that ask them.

What always holds: the process that imports `client`, `catalogue`, `files` or `fetch` never imports torch, transformers,
sentence_transformers or llama_cpp; those live in the modules that `worker` loads in a child process, which has no
vault key, no network and no way to write on the screen.
"""
