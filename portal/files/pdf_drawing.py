"""Draws one page of a PDF, in a process of its own with little memory and time: a few kilobytes may ask for gigabytes, and a renderer may
crash. Run as a program with the number of a page, from 1, and the longest side of the picture in pixels. Reads the PDF from standard
input; writes how many pages it has, a line feed and, for a page that it has, the picture as JPEG. Page 0 only counts.

Nothing in a page is run: PDFium is asked for pixels alone, without forms, scripts, links or annotations that act.
"""

import resource
import sys

import pypdfium2

_MEMORY = 1_500_000_000
"""Address space, in bytes; PDFium reserves far more of it than it uses."""
_SECONDS = 20
MAX_SIDE = 5_000
"""Pixels: a sheet of A3 at 300 dots an inch."""
_QUALITY = 85


def main(page: str, side: str) -> None:
    """Limit this process, then do what the module says."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    number, longest = int(page), min(int(side), MAX_SIDE)
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    sys.stdout.buffer.write(f"{len(document)}\n".encode())
    sys.stdout.buffer.flush()
    if not 1 <= number <= len(document):
        return
    drawn = document[number - 1]
    scale = longest / max(*drawn.get_size(), 1.0)
    drawn.render(scale=scale).to_pil().convert("RGB").save(sys.stdout.buffer, "JPEG", quality=_QUALITY)


if __name__ == "__main__":
    main(*sys.argv[1:])
