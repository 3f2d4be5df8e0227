from decimal import Decimal

from django import template

from courses.prices import in_pounds

register = template.Library()


@register.filter
def pounds(amount: Decimal) -> str:
    """An amount as it is written: £1,234.50, £145."""
    return in_pounds(amount)
