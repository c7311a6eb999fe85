"""What a submission's body holds: the answers in memory, within bounds, and each file straight to the disk."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser

from pasaj.collect.services import spool
from pasaj.collect.views.callers import SPARE, largest
from pasaj.core.openrosa.envelope import MOST_BYTES
from pasaj.core.problems import Refused, problem

XML = "xml_submission_file"
INCOMPLETE = "*isIncomplete*"
TAIL = 1024  # bytes in which the last boundary stands


class Counted:
    """A request's stream that remembers how much was read of it, and how it ended.

    Raises Refused COLLECT-025 after `most` bytes: a body in pieces does not say its length beforehand.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self.stream, self.most, self.total, self.tail = stream, most, 0, b""

    def read(self, *size: int) -> bytes:
        return self._counted(self.stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._counted(self.stream.readline(*size))

    def close(self) -> None:
        self.stream.close()

    def _counted(self, part: bytes) -> bytes:
        self.total += len(part)
        if self.total > self.most:
            raise Refused(problem("COLLECT-025", limit=settings.PASAJ_MAX_SUBMISSION_MB))
        self.tail = (self.tail + part[-TAIL:])[-TAIL:]
        return part


class Parts(MultiPartParser):
    """Django's own leaves out a file whose file name is no name (".."); ours goes by the name of the part."""

    def sanitize_file_name(self, file_name: str) -> str:
        return file_name


class Body(FileUploadHandler):
    """Reads a request's parts. Files are known by the name of their part, as the app writes it.

    A disk that is full is remembered and the rest of the body read past: the sender must hear the
    answer, and hears nothing while it is still sending.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.xml: bytearray | None = None
        self.files: list[spool.Spooled] = []
        self.refused: Refused | None = None
        self.incoming: spool.Incoming | None = None
        self.reading_xml = False
        self.end = b""
        self.counted: Counted | None = None

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, *_more: Any) -> None:  # noqa: N803
        self.end = b"--" + bytes(boundary) + b"--"

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.incoming = None
        self.reading_xml = self.field_name == XML
        if self.reading_xml:
            if self.xml is not None and self.refused is None:  # one of the two would be lost
                self.refused = Refused(problem("COLLECT-024"))
            self.xml = bytearray()
        elif self.refused is None:
            self._guarded(self._open)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.reading_xml:
            assert self.xml is not None
            if len(self.xml) <= MOST_BYTES:  # one part too many is enough to refuse it
                self.xml += raw_data
        elif self.incoming is not None:
            self._guarded(self.incoming.write, raw_data)

    def file_complete(self, file_size: int) -> None:
        if self.incoming is not None:
            self._guarded(self._finish, self.incoming)

    def is_whole(self, stated: int | None) -> bool:
        """Whether the body came to its own end. `stated`: its length, None where it came in pieces."""
        assert self.counted is not None
        return stated in {None, self.counted.total} and self.end in self.counted.tail

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Leave nothing that was not taken over by a submission."""
        if self.incoming is not None:
            self.incoming.discard()
            self.incoming = None
        for one in self.files:
            one.path.unlink(missing_ok=True)

    def _open(self) -> None:
        self.incoming = spool.Incoming(self.field_name or "", self.content_type or "")

    def _finish(self, incoming: spool.Incoming) -> None:
        self.files.append(incoming.finish())
        self.incoming = None

    def _guarded(self, step: Any, *given: Any) -> None:
        try:
            step(*given)
        except Refused as refused:
            self.refused = refused
            if self.incoming is not None:
                self.incoming.discard()
                self.incoming = None


def prepare(request: HttpRequest) -> Body:
    """Read this request's body with a handler of ours. Before anything has looked at its fields."""
    body = Body(request)
    request.upload_handlers = [body]
    kind, semicolon, more = request.META.get("CONTENT_TYPE", "").partition(";")
    request.META["CONTENT_TYPE"] = kind.lower() + semicolon + more  # Django's parser distinguishes capitals here
    stream, most = request._stream, largest() + SPARE
    if _in_pieces(request) and request.META.get("wsgi.input_terminated"):  # the server knows where it ends
        stream = request.META["wsgi.input"]
        request.META["CONTENT_LENGTH"] = str(most)  # a length of 0 would be read as no body at all
    body.counted = Counted(stream, most)
    request._stream = body.counted  # type: ignore[assignment]
    request.parse_file_upload = lambda meta, stream: Parts(meta, stream, [body], request.encoding).parse()  # type: ignore[assignment,method-assign]
    return body


def _in_pieces(request: HttpRequest) -> bool:
    return "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def answers(request: HttpRequest, body: Body) -> tuple[bytes, bool]:
    """Read the body: the XML, and whether the sender says that more follows.

    A line that breaks off ends the stream like any other end: only its length and its last boundary tell
    that a file is whole. Raises Refused: COLLECT-023 (no XML in it), COLLECT-024 (broken off), COLLECT-025
    (too much), COLLECT-026 (in pieces, and nobody knows where they end), COLLECT-027 (disk full).
    """
    if not request.META.get("CONTENT_LENGTH") and _in_pieces(request):
        raise Refused(problem("COLLECT-026"))
    incomplete = request.POST.get(INCOMPLETE, "") == "yes"
    if body.refused is not None:
        raise body.refused
    stated = None if _in_pieces(request) else int(request.META.get("CONTENT_LENGTH") or 0)
    if body.end and not body.is_whole(stated):
        raise Refused(problem("COLLECT-024"))
    if body.xml is None:
        raise Refused(problem("COLLECT-023"))
    return bytes(body.xml), incomplete
