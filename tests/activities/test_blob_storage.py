"""Blobs on disk: whole or absent, under exactly the name that was asked for."""

from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File

from activities.blob_storage import BlobStorage


class Torn(File):
    """A file whose reading breaks off."""

    def __init__(self) -> None:
        super().__init__(None)

    def read(self, size: int = -1, /) -> bytes:
        raise OSError("the disk is gone")


def test_a_blob_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    storage = BlobStorage(location=tmp_path)
    assert storage.save("w/ab/abcd", ContentFile(b"some mail")) == "w/ab/abcd"
    with storage.open("w/ab/abcd") as file:
        assert file.read() == b"some mail"


def test_the_same_blob_again_keeps_its_name_and_leaves_one_file(tmp_path: Path) -> None:
    storage = BlobStorage(location=tmp_path)
    for _ in range(2):
        assert storage.save("w/ab/abcd", ContentFile(b"some mail")) == "w/ab/abcd"
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["abcd"]


def test_nobody_else_on_the_machine_reads_a_blob(tmp_path: Path) -> None:
    BlobStorage(location=tmp_path).save("w/ab/abcd", ContentFile(b"some mail"))
    assert (tmp_path / "w/ab/abcd").stat().st_mode & 0o777 == 0o600


def test_a_write_that_breaks_off_leaves_no_blob(tmp_path: Path) -> None:
    storage = BlobStorage(location=tmp_path)
    with pytest.raises(OSError, match="the disk is gone"):
        storage.save("w/ab/abcd", Torn())
    assert not storage.exists("w/ab/abcd")


def test_a_name_never_leads_out_of_the_store(tmp_path: Path) -> None:
    storage = BlobStorage(location=tmp_path / "blobs")
    with pytest.raises(SuspiciousFileOperation):
        storage.save("../elsewhere", ContentFile(b"some mail"))
    assert not (tmp_path / "elsewhere").exists()
