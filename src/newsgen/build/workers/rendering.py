"""Rendering in any process: templates, bodies, and a place for new files."""

from __future__ import annotations

from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Stager
from newsgen.build.workers.job_count import Job, JobResult
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.model import Download, Output
from newsgen.render.renderer import Templates, attachment, attachment_bytes, render


class RenderBatch:
    """Renders outputs, and stages them."""

    def __init__(self, document_cache: DocumentCache, templates: Templates, stager: Stager) -> None:
        self._document_cache, self._templates, self._stager = document_cache, templates, stager

    def render(self, job: Job) -> JobResult:
        """Render one output, and stage its bytes unless they stand there already. Raises OSError."""
        output, standing = job
        try:
            if file := attachment(output):
                return self._copied(output, file, standing)
            data = render(output, self._templates, self._document_cache.root, self._document_cache.body)
            digest = digest_bytes(data)
            if digest != standing:
                self._stager.stage(output.path, data)
        except ContentError as error:
            return JobResult("", is_staged=False, diagnostics=error.diagnostics)
        return JobResult(digest, digest != standing)

    def _copied(self, output: Output, file: Download, standing: str | None) -> JobResult:
        """Stage a file that is published as it is, piece by piece. Raises ContentError, OSError."""
        if file.digest != standing:
            self._stager.stage_pieces(output.path, attachment_bytes(file, self._document_cache.root))
        return JobResult(file.digest, file.digest != standing)
