"""What places cost, added up as they will be invoiced."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from courses.models import CoursePage

# The standard rate: Value Added Tax Act 1994, section 2(1).
VAT_RATE = Decimal(20)
HUNDRED = Decimal(100)
PENNY = Decimal("0.01")
NOTHING = Decimal("0.00")


def pence(amount: Decimal) -> Decimal:
    """Round to the penny, half a penny upwards."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def in_pounds(amount: Decimal) -> str:
    """Return an amount as it is written: £1,234.50, £145."""
    return f"£{amount:,.2f}".removesuffix(".00")


@dataclass(frozen=True)
class Price:
    """The price of so many places, in pounds.

    `unit` is the price that the course's page shows for one person, `vat` says how value added tax
    stands to it, `discount` is in per cent. Tax is worked out once, on the whole sum, as on the
    invoice (VAT guide, HMRC Notice 700, section 17.5).
    """

    unit: Decimal
    vat: str
    count: int
    discount: int = 0
    rate: Decimal = VAT_RATE

    @property
    def full(self) -> Decimal:
        """All places at the price shown, before any discount."""
        return pence(self.unit * self.count)

    @property
    def saved(self) -> Decimal:
        """What the discount takes off the price shown."""
        return pence(self.full * self.discount / HUNDRED)

    @property
    def net(self) -> Decimal:
        """The sum before value added tax."""
        reduced = self.full - self.saved
        if self.vat == CoursePage.Vat.INCLUDED:
            return pence(reduced * HUNDRED / (HUNDRED + self.rate))
        return reduced

    @property
    def tax(self) -> Decimal:
        """The value added tax."""
        match self.vat:
            case CoursePage.Vat.ADDED:
                return pence(self.net * self.rate / HUNDRED)
            case CoursePage.Vat.INCLUDED:
                return self.full - self.saved - self.net
            case _:
                return NOTHING

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.tax

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The sum in words and pounds, line by line; nothing for what is free."""
        if not self.full:
            return [("To pay", "Nothing")]
        lines = [(f"{self.count} × {in_pounds(self.unit)}", in_pounds(self.full))]
        if self.saved:
            lines.append((f"{self.discount} per cent off", f"−{in_pounds(self.saved)}"))
        if self.vat == CoursePage.Vat.ADDED:
            lines.append((f"VAT at {self.rate.normalize():f} per cent", in_pounds(self.tax)))
        lines.append(("To pay", in_pounds(self.total)))
        if self.vat == CoursePage.Vat.INCLUDED:
            lines.append(("of which VAT", in_pounds(self.tax)))
        return lines
