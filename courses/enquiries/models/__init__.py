from .enquiry import Enquiry, EnquiryEvent, Status
from .role import Role
from .settings import EnquirySettings

__all__ = ["Enquiry", "EnquiryEvent", "EnquirySettings", "Role", "Status"]
