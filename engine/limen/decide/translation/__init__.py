"""Translation validation: what was emitted is read back and proved to mean what the source tree means.

Three languages are emitted from one tree: Python (`compiled`), SQL (`columns`, for DuckDB and for Spark) and
durable-rules conditions (`rete`). Each reader here knows its language and nothing of the tree or of the writer; it
turns the emitted text into formulas, and Z3 says whether any case exists on which text and tree would differ.

Needs the extras `exact` and, for SQL, `columns`.
"""
