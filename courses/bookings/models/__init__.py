from .booking import MAX_PEOPLE, Attendee, Booking, BookingEvent, Notice
from .discounts import Discount
from .settings import BookingSettings
from .waiting import WaitingListEntry

__all__ = [
    "MAX_PEOPLE",
    "Attendee",
    "Booking",
    "BookingEvent",
    "BookingSettings",
    "Discount",
    "Notice",
    "WaitingListEntry",
]
