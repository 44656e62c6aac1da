"""The rule tree as expressions over tables: facts are columns, NULL is not known.

One fold of the tree (`fold`) writes expressions in any algebra of columns. Three are here: pyarrow's compute kernels
in memory (`arrow`), and Ibis for an embedded DuckDB (`duck`) or a Spark cluster (`spark`). Needs the `columns` extra,
and the `spark` extra for the last.
"""
