"""Writing files anew, and tables a batch at a time, so that an export's memory does not grow with its size."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chateval.analysis._tables import Kind, Row

BATCH_ROWS = 5_000
"""Larger batches take more memory and no less time; smaller ones make the Parquet files larger."""
TIME_FORMAT = "%Y-%m-%d %H:%M:%S+00:00"


class Replacements:
    """Files that take their places together once all of them are whole; after an error, none does.

    So nobody meets half a file, and whoever has an earlier one open goes on reading that.
    """

    def __init__(self) -> None:
        self._paths: list[Path] = []
        self._outdated: list[Path] = []

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(self._paths)

    def new(self, path: Path) -> Path:
        """Where the file is to be written."""
        self._paths.append(path)
        return self.place(path)

    def place(self, path: Path) -> Path:
        """Where a file is until it takes its place."""
        return path.with_name(path.name + ".part")

    def remove(self, path: Path) -> None:
        """Do away with a file of an earlier export, if there is one, when the others take their places."""
        self._outdated.append(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for path in self._outdated if error is None else ():
            path.unlink(missing_ok=True)
        for path in self._paths:
            if error is None:
                self.place(path).replace(path)
            else:
                self.place(path).unlink(missing_ok=True)


class TableWriter:
    """Writes rows to a CSV and a Parquet file; complete only once it was left as a context manager."""

    def __init__(self, csv_path: Path, parquet_path: Path, columns: Sequence[str], kinds: Mapping[str, Kind]) -> None:
        import pyarrow as pa  # noqa: PLC0415  (a launch has no use for it)
        from pyarrow import csv, parquet  # noqa: PLC0415

        self.count = 0
        self._rows: list[Row] = []
        self._kinds = [kinds.get(name) for name in columns]
        self._schema = pa.schema([(name, _type(kinds.get(name))) for name in columns])
        texts = pa.schema([(name, _type_in_csv(kinds.get(name))) for name in columns])
        # Each text is quoted: a lone carriage return, left bare, would end the row for many readers.
        self._csv = csv.CSVWriter(str(csv_path), texts, write_options=csv.WriteOptions(quoting_style="needed"))
        self._parquet = parquet.ParquetWriter(str(parquet_path), self._schema)

    def add(self, rows: Iterable[Row]) -> None:
        self._rows.extend(rows)
        if len(self._rows) >= BATCH_ROWS:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if error is None:
                self._flush()
        finally:
            self._csv.close()
            self._parquet.close()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        if not self._rows:
            return
        arrays = [_array(values, kind) for values, kind in zip(zip(*self._rows, strict=True), self._kinds, strict=True)]
        self._parquet.write_batch(pa.record_batch(arrays, schema=self._schema))
        shown = [_in_csv(array, kind) for array, kind in zip(arrays, self._kinds, strict=True)]
        self._csv.write_batch(pa.record_batch(shown, names=self._schema.names))
        self.count += len(self._rows)
        self._rows.clear()


def _type(kind: Kind | None) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    match kind:
        case None:
            return pa.string()
        case "whole":
            return pa.int64()
        case "number":
            return pa.float64()
        case "time":
            return pa.timestamp("us", tz="UTC")
        case "flag":
            return pa.bool_()


def _type_in_csv(kind: Kind | None) -> Any:
    return _type(None if kind == "time" else kind)


def _array(values: Sequence[Any], kind: Kind | None) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    if kind == "time":
        microseconds = [None if value is None else round(value * 1_000_000) for value in values]
        return pa.array(microseconds, pa.int64()).cast(_type(kind))
    return pa.array(values, _type(kind))


def _in_csv(array: Any, kind: Kind | None) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import compute  # noqa: PLC0415

    # Arrow would need the system's time zones to write a time in UTC; one without a zone is the same in UTC.
    return compute.strftime(array.cast(pa.timestamp("us")), format=TIME_FORMAT) if kind == "time" else array
