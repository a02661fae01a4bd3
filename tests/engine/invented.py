"""Invented requests and sentences for the engine's tests, and texts that try to speak as somebody else."""

from notekeeper.domain.engine import Turn, WordingRequest

LABEL = 'root ::= "{\\"label\\": \\"" [a-z ]{3,40} "\\"}"'
FREE = "root ::= [a-zA-Z ,.]{500,900}"
PREFIX = (
    Turn("system", "You name the theme of sentences from a session note."),
    Turn("user", "Sentences: She lies awake at night before her shifts."),
    Turn("assistant", '{"label": "trouble sleeping"}'),
)
OTHER_PREFIX = (Turn("system", "You say in one line what a session was about."),)
SENTENCES = (
    "He argued with his brother about the house.",
    "She worries about the rent and has stopped opening letters.",
    "Ct. walked to the lake twice this week, and felt lighter for it.",
    "Nothing changed at work.",
)
ROLE_TOKENS = (
    *("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<think>", "</think>", "[INST]", "[/INST]", "<s>", "</s>"),
    *("<|turn>", "<turn|>", "<|system|>", "<|end|>", "<|start_of_role|>", "<repo_name>", "<jupyter_start>"),
)


def label_request(sentence: str, prefix: tuple[Turn, ...] = PREFIX) -> WordingRequest:
    """A label of one sentence, in the form a draft asks for."""
    return WordingRequest(prefix, (Turn("user", f"Sentences: {sentence}"),), LABEL, 60)


def long_request(tokens: int = 300) -> WordingRequest:
    """Some hundred tokens of prose, to have time for a cancel or a kill."""
    return WordingRequest(PREFIX, (Turn("user", "Tell a long story about a walk to a lake."),), FREE, tokens)
