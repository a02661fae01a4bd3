"""The program from outside: started as a person or a script starts it, judged by what it prints and leaves on disk."""
