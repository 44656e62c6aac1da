"""What can keep a batch from being decided at all."""

from __future__ import annotations


class BatchError(Exception):
    """A batch that cannot start or go on: its file, its columns, its settings. The message says how to mend it."""


class BatchFault(Exception):
    """Two evaluators gave different answers for a row that was audited. Nothing of its chunk is written."""

    def __init__(self, row: int, detail: str) -> None:
        super().__init__(f"row {row}: {detail}; nothing of this part of the batch is written")
        self.row = row

    def __reduce__(self) -> tuple[type[BatchFault], tuple[int, str]]:
        detail = (
            str(self).removeprefix(f"row {self.row}: ").removesuffix("; nothing of this part of the batch is written")
        )
        return (BatchFault, (self.row, detail))
