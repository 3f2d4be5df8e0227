"""Links that somebody guesses at, and what they learn by it."""

import random
from typing import Any

from django.http import HttpResponse

SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:=."


def seen(answer: HttpResponse) -> tuple[Any, ...]:
    """Everything that somebody learns from an answer, except what time it is."""
    headers = {name: value for name, value in answer.items() if name != "Expires"}
    return answer.status_code, answer.content, headers, dict(answer.cookies)


def mutate(token: str, chance: random.Random) -> str:
    """Change, drop, put in or swap a few signs, or the case of all."""
    signs = list(token)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(signs))
        match chance.choice(["other", "other", "drop", "more", "swap", "case"]):
            case "other":
                signs[at] = chance.choice(SIGNS)
            case "drop" if len(signs) > 1:
                del signs[at]
            case "more":
                signs.insert(at, chance.choice(SIGNS))
            case "swap":
                signs[at], signs[-at] = signs[-at], signs[at]
            case _:
                signs = list("".join(signs).swapcase())
    return "".join(signs)
