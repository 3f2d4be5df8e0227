"""Certificates of attendance: one sheet of A4 that anybody can check."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from base.social.drawing import can_draw, writable
from courses.models import CourseRun

from .emails import certificate_address
from .models import Attendee

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "atkinson-400", "atkinson-700"
INK, INK_SOFT, LINE = HexColor("#311738"), HexColor("#604860"), HexColor("#d9cdd6")
BRAVE, MINDFUL, TRUSTWORTHY = HexColor("#e2654a"), HexColor("#1f9484"), HexColor("#2f5aa8")
WIDTH, HEIGHT = A4
MARGIN = 24 * mm
QR = 30 * mm
NAME_SIZES = (40, 34, 28, 23, 19)
TITLE_SIZES = (24, 20, 17, 15)
MOST_LINES = 3


@cache
def register_fonts() -> None:
    """Make the site's typeface known to ReportLab."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))


def number_of(attendee: Attendee) -> str:
    """Return a certificate's number, in groups that can be read out."""
    digits = attendee.certificate_key.hex[:12].upper()  # type: ignore[union-attr]
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def day_of(run: CourseRun) -> str:
    """Return the day, or the first and the last, as on the calendar in London."""
    first, last = (timezone.localtime(moment).date() for moment in (run.start, run.end))
    if first == last:
        return f"{first:%-d %B %Y}"
    return f"{first:%-d %B %Y} to {last:%-d %B %Y}"


class Statement(NamedTuple):
    """What a certificate says beside the name: the course's title, and facts with their names."""

    title: str
    facts: list[tuple[str, str]]


def statement(attendee: Attendee) -> Statement:
    """Return what somebody's certificate says: as it was issued, where that was kept."""
    if kept := attendee.attested:
        return Statement(kept["title"], [(name, value) for name, value in kept["facts"]])
    return statement_of(attendee.run)


def statement_of(run: CourseRun) -> Statement:
    """Return what a certificate of a date says that is issued now."""
    course = run.course
    facts = [("Date", day_of(run)), ("Place", run.place_text), ("Length", course.length_text)]
    if course.cpd_hours:
        facts.append(("CPD", f"{course.cpd_hours.normalize():f} hours"))
    if trainers := ", ".join(person.title for person in course.trainer_pages):
        facts.append(("Trainers", trainers))
    if standards := ", ".join(str(standard.number) for standard in course.standard_list):
        plural = "s" if "," in standards else ""
        facts.append(("Care Certificate", f"Standard{plural} {standards}"))
    return Statement(course.title, [(name, value) for name, value in facts if value])


def certificate_pdf(attendee: Attendee, organisation: str) -> bytes:
    """Return the certificate of somebody who was present, as PDF. The same each time.

    A name in letters that the typeface lacks stands on the page that the certificate leads to.
    """
    return _Sheet(attendee, writable(organisation)).draw()


class _Sheet:
    def __init__(self, attendee: Attendee, organisation: str) -> None:
        register_fonts()
        self.attendee = attendee
        self.statement = statement(attendee)
        self.organisation = organisation
        self.file = BytesIO()
        self.canvas = Canvas(self.file, pagesize=A4, invariant=1, lang="en-GB")
        self.y = HEIGHT - 78 * mm

    def draw(self) -> bytes:
        canvas = self.canvas
        name = self.attendee.name
        canvas.setTitle(f"Certificate of attendance: {name}, {self.statement.title}")
        canvas.setAuthor(self.organisation)
        self._arcs()
        self._line(self.organisation, BOLD, 15, INK, at=HEIGHT - 62 * mm)
        self._line("Certificate of attendance", REGULAR, 15, INK_SOFT, at=HEIGHT - 71 * mm)
        written = writable(name) if can_draw(name) else f"Booking {self.attendee.booking.reference}"
        self._largest(written, NAME_SIZES)
        self.y -= 3 * mm
        self._paragraph("attended", REGULAR, 15, INK_SOFT)
        self.y -= 2 * mm
        self._largest(writable(self.statement.title), TITLE_SIZES)
        self.y -= 14 * mm
        for label, value in self.statement.facts:
            self._fact(label, writable(value))
        self._foot()
        canvas.save()
        return self.file.getvalue()

    def _arcs(self) -> None:
        """The three values, as they stand together in the site's sign."""
        canvas, base = self.canvas, HEIGHT - 48 * mm
        clip = canvas.beginPath()
        clip.rect(0, base, WIDTH, 60 * mm)
        canvas.saveState()
        canvas.clipPath(clip, stroke=0)
        for x, radius, colour in ((58, 26, MINDFUL), (38, 14, BRAVE), (78, 14, TRUSTWORTHY)):
            canvas.setFillColor(colour)
            canvas.circle(x * mm, base, radius * mm, stroke=0, fill=1)
        canvas.restoreState()

    def _line(self, text: str, font: str, size: float, colour: HexColor, *, at: float) -> None:
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(MARGIN, at, text)

    def _paragraph(self, text: str, font: str, size: float, colour: HexColor) -> None:
        for line in simpleSplit(text, font, size, WIDTH - 2 * MARGIN):
            self.y -= size * 1.3
            self._line(line, font, size, colour, at=self.y)

    def _largest(self, text: str, sizes: tuple[int, ...]) -> None:
        """Write in the largest size that needs few enough lines."""
        width = WIDTH - 2 * MARGIN
        size = next(
            (
                size
                for size in sizes
                if len(simpleSplit(text, BOLD, size, width)) <= MOST_LINES
                and all(pdfmetrics.stringWidth(w, BOLD, size) <= width for w in text.split())
            ),
            sizes[-1],
        )
        self._paragraph(text, BOLD, size, INK)

    def _fact(self, label: str, value: str) -> None:
        self._line(label, REGULAR, 11, INK_SOFT, at=self.y)
        self.canvas.setFillColor(INK)
        for line in simpleSplit(value, REGULAR, 12, WIDTH - 2 * MARGIN - 40 * mm):
            self.canvas.setFont(REGULAR, 12)
            self.canvas.drawString(MARGIN + 40 * mm, self.y, line)
            self.y -= 6.2 * mm
        self.y -= 0.8 * mm

    def _foot(self) -> None:
        address = certificate_address(self.attendee)
        base = 22 * mm
        self.canvas.setStrokeColor(LINE)
        self.canvas.line(MARGIN, base + QR + 6 * mm, WIDTH - MARGIN, base + QR + 6 * mm)
        code = QrCodeWidget(address, barLevel="M", barWidth=QR, barHeight=QR, barBorder=0)
        drawing = Drawing(QR, QR)
        drawing.add(code)
        renderPDF.draw(drawing, self.canvas, WIDTH - MARGIN - QR, base)
        self.y = base + QR - 4 * mm
        self._line(f"Certificate {number_of(self.attendee)}", BOLD, 11, INK, at=self.y)
        self.y -= 6 * mm
        self._line("Is it genuine? See for yourself:", REGULAR, 10, INK_SOFT, at=self.y)
        start, _, key = address.rpartition("certificate/")
        for part in (f"{start}certificate/", key):
            self.y -= 5 * mm
            self._line(part, REGULAR, 9, INK, at=self.y)
        area = (MARGIN, self.y - 2 * mm, WIDTH - MARGIN - QR, self.y + 9 * mm)
        self.canvas.linkURL(address, area, relative=0)
        self._line(
            "It says that somebody was there, not what they can do.", REGULAR, 9, INK_SOFT, at=base
        )
