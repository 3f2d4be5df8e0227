"""What the links in our mails carry, signed (`base.keys`)."""

CONFIRM_SALT = "blog.newsletter.confirm"
SUBSCRIBER_SALT = "blog.newsletter.subscriber"
