"""What is handed over: a case with its answer as a memo, a table or a script, each with a receipt from which it can be
decided again.

Light to import; what needs a library is imported where it is used. Word needs the `word` extra.
"""
