"""What people write below posts about care, and what robots write anywhere."""

import random
from collections.abc import Iterator
from typing import Any

from tests.blog.comments.visitor import token

SENTENCES = """
I have worked in care for eleven years and nobody ever asked me this.
We tried it on our night shift last week and it made a real difference.
My brother has a learning disability and I wish his team could read this.
Thank you for writing this, it came at exactly the right time.
I am not sure I agree with the second point.
In our house we do it the other way round: the person speaks first, then us.
Does this apply in Wales as well, or only in England?
Our manager printed it and put it up next to the medicines cabinet.
I did the Care Certificate in March and they told us there were 15 standards, so which is it?
What about people who do not use words?
We use objects of reference and it works most of the time.
It would be good to hear more from the experts by experience themselves.
I cried a little when I read the part about her mum.
Lovely post!!
Could you say more about how you plan for a seizure when out and about?
I'd add one thing: give people time to answer, at least ten seconds.
The CQC asked us about exactly this at our last inspection.
My mum has dementia and the bit about the front door is spot on.
I am a personal assistant and I employ nobody, but this still helped me.
As a social worker I see too many plans that nobody has read.
This is brilliant, thank you Amina.
I'm dyslexic and I could read all of it. Thank you for the short sentences.
Please do one about hydration in summer.
We had a similar thing happen in the home where I work.
The five principles should be taught in schools, honestly.
Where can I find the easy read version?
I asked my team leader and she said we already do this (we don't).
Somebody should tell the agencies about this too.
It is harder than it sounds when you are on your own with four people.
My experience is different, but I can see why it works for you.
We changed our handover sheet after reading this: one page instead of four.
I have autism and I can say that the waiting is the worst part.
Not everybody wants to be hugged, good that you say it.
I never knew that you could refuse the flu jab and still be looked after properly.
Who pays for the training when you employ your own support?
I came on your course in Leeds in May and still use the cards.
The quotation at the start says it all.
How long did it take until the team got used to it?
You can get the booklet free from the library, by the way.
We've been short of staff since Christmas so things like this get forgotten.
There is a typo in the third paragraph, "recieve".
I shared this with my whole team on Monday morning.
My daughter read it out to me and we talked about it all evening.
It's about respect, isn't it?
I would like to see some evidence for the last claim.
We do supervision every six weeks and it does help.
Is it OK to use this in our induction pack?
The man I support laughed at the picture, he says it looks like me.
For anybody in Scotland: the law is called something else but the idea is the same.
Yes yes yes. This.
When my dad was dying the carers did all of this without being told.
I don't think managers understand how tiring it is to be cheerful all day.
Good to see people with lived experience being paid for once.
Can you do the course online? I live on Skye.
I remember when we were told never to talk about death at all.
I've bookmarked it for our next team meeting.
One question: who decides when the person cannot?
It worked for about a week and then we fell back into old habits.
My nan used to say the same thing in fewer words!
There's a good leaflet from Mencap about annual health checks.
We measure it in mugs, not millilitres, and people drink more.
He takes his tablets with yoghurt now, after the pharmacist said it was fine.
I was scared of PEG feeding until somebody showed me properly.
Sorry for the long comment, it just means a lot to me.
Have you thought about doing a podcast?
In my last job we had no time for this, in the new one we do.
I think that the word "challenging" should be retired.
Whoever wrote the part about noise has clearly worked in a day centre.
The photo of the garden is beautiful, where is it?
More information is on https://www.nhs.uk/conditions/dehydration/ for anyone who needs it.
We used the cards from www.widgit.com and they liked them.
WELL SAID.
""".strip().splitlines()

# Words that robots use as well, about what happens to people who draw on care.
OFTEN_MISTAKEN = """
Payday loans ruined a man I support. Step Change helped us: https://www.stepchange.org
He wrote about bitcoin and promised to double his money. See https://www.actionfraud.police.uk
I could not click here on the form at gov.uk
My uncle lost everything in an online casino, and these people were there: https://www.gamcare.org.uk
Somebody sold my daughter fake xanax online, and talktofrank.com explained to her what it does.
She could earn £500 a day, they said. Now we know: https://www.citizensadvice.org.uk/scams/
Is the "act now" letter about his pension real? The page https://www.fca.org.uk/scamsmart says no.
We have a WhatsApp group for carers in Leeds, ask at the library.
Personal assistants earn £12.60 an hour here, and the week is long: https://www.skillsforcare.org.uk
I wrote about this on my own page, please visit my blog at https://janes-care.example.org
My screen reader only says "click here" on https://www.nhs.uk and never where it leads.
A herbal cure for dementia went round on Facebook again. Please read www.alzheimers.org.uk first.
Is guaranteed income the same as what stands on https://www.gov.uk/universal-credit ?
We talk about porn and consent with young people, the cards on https://www.fpa.org.uk are good.
Her son orders tramadol online and nobody at the practice knows.
Free spins arrive on his phone every night. We blocked them: https://www.gamstop.co.uk
My manager wants us to rank first on Google, I want us to be good.
Nothing in life is risk-free, and taking risks well is a skill: https://www.scie.org.uk
His crypto savings were gone in a day, and the profit on the screen never existed.
Instant cash, no credit check: that is what they wrote to a woman with a learning disability.
The loan shark promised guaranteed approval. See https://www.stoploansharks.co.uk
Who pays for the escort service to the hospital? Ours: https://www.eastlife.example.org
May I send you a guest post about night shifts? One is on www.carersvoices.example.org already.
<a href="https://www.nhs.uk/conditions/dehydration/">This page</a> helped us, I hope the link works.
""".strip().splitlines()

FIRST = """
Grace Amina Tom Priya Marek Siân Mary-Jane O'Neill Joanna Ahmed Kwame Dot Iwona Bev Chidi Łukasz
Fatima Rhys Ed Zoë Nan Sunita Deborah Joe Olu Mags Ravi Eilidh Pat Björn
""".strip().split()
LAST = ["", "", "O.", "Smith", "K", "Nowak", "Ellis", "from Leeds", "(support worker)", "Ali"]


def people(count: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """So many comments as people write them, each from somewhere."""
    # Nobody writes the very sentence of somebody else: each stands alone only once.
    alone = dice.sample(SENTENCES, len(SENTENCES))
    for number in range(count):
        length = dice.choice([1, 2, 2, 3, 4])
        is_alone = length == 1 and alone
        words = [alone.pop()] if is_alone else dice.sample(SENTENCES, max(2, length))
        if dice.random() < 0.2:
            words.append(dice.choice(OFTEN_MISTAKEN))
        text = " ".join(words)
        if dice.random() < 0.2:
            text = text.replace(". ", ".\n\n")
        if dice.random() < 0.1:
            text = text.lower()
        yield {
            "name": f"{dice.choice(FIRST)} {dice.choice(LAST)}".strip(),
            "email": f"person{number if dice.random() < 0.9 else number // 2}@example.org",
            "text": text,
            "wants_replies": "on" if dice.random() < 0.3 else "",
            # A third write from one of a few care homes and mobile networks.
            "ip": f"198.51.{dice.randrange(6)}.9" if dice.random() < 0.3 else address(dice),
            "seconds": dice.uniform(8, 3600),
        }


def address(dice: random.Random) -> str:
    return ".".join(str(dice.randrange(1, 250)) for _ in range(4))


ADVERTISING = [
    "Best online casino with free spins and a welcome bonus, visit {url}",
    "Buy cheap viagra and cialis online without prescription at {url}",
    "I made $9,500 a week with bitcoin trading, contact him on telegram @trader{n}",
    "Get backlinks and guest posts for your site, first page on google guaranteed {url}",
    "Instant payday loans, guaranteed approval, no credit check {url}",
    "Hot girls escort service {url}",
    "Dr. Oba the spell caster brought back my husband, whatsapp +234 803 555 {n:04}",
    "Essay writing service, buy essays cheap {url}",
    "Купить дешёвые лекарства и часы {url}",
    "最好的网上赌场 {url}",
    "Ｂｕｙ ｖｉａｇｒａ ｏｎｌｉｎｅ {url}",
    "Replica watches limited time offer act now",
    "Work from home and earn $500 per day, this passive income is risk-free",
]
FLATTERY = [
    "Great post, I really enjoyed reading it and will come back for more of your fine articles!",
    "Nice blog! Is your theme custom made or did you download it from somewhere else?",
    "I was recommended this website by my cousin. I am not sure who wrote it but it is wonderful.",
]


def bots(count: int, known: list[str], dice: random.Random) -> Iterator[dict[str, Any]]:
    """So many posts by robots of a dozen kinds, in turn."""
    kinds = [
        no_token,
        forged_token,
        old_token,
        too_quick,
        honeypot,
        advertising,
        markup,
        many_links,
        link_in_name,
        flood,
        one_network,
        copies,
        repeated_words,
    ]
    for number in range(count):
        base = {
            "name": f"{dice.choice(FIRST)}{number}",
            "email": f"bot{number}@mail.example",
            "text": dice.choice(SENTENCES) + f" {number}",
            "ip": address(dice),
            "seconds": 30,
        }
        yield base | kinds[number % len(kinds)](number, known, dice)


def url(number: int) -> str:
    return f"https://site{number}.example/{number}"


def no_token(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"token": ""}


def forged_token(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"token": dice.choice(["x", "W10:1:abc", "null", "eyJhIjoxfQ:1vN:zzz", "\x00"])}


def old_token(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"seconds": 200_000, "text": ADVERTISING[number % 13].format(url=url(number), n=number)}


def too_quick(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"seconds": dice.uniform(0, 2.5)}


def honeypot(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"nothing": url(number)}


def advertising(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"text": dice.choice(ADVERTISING).format(url=url(number), n=number % 10_000)}


def markup(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    forms = ['<a href="{}">x</a>', "[url={}]x[/url]", "<script src={}></script>", "[link={}]x"]
    return {"text": dice.choice(SENTENCES) + dice.choice(forms).format(url(number))}


def many_links(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"text": " ".join(url(number + more) for more in range(dice.randrange(3, 30)))}


def link_in_name(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"name": f"cheap-shoes{number}.com", "text": f"{dice.choice(FLATTERY)} {number}"}


def flood(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    """The same few texts from everywhere."""
    return {"text": dice.choice(FLATTERY)}


def one_network(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    """Clean words from one network without end."""
    return {"ip": f"192.0.2.{number % 250}"}


def copies(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    """What a person wrote here before, in other cases and signs."""
    text = dice.choice(known)
    return {"text": dice.choice([text, text.upper(), text.replace(" ", "  ") + "!!"])}


def repeated_words(number: int, known: list[str], dice: random.Random) -> dict[str, Any]:
    return {"text": dice.choice(["buy now ", "aaaa" * 10 + " ", "best price "]) * 40}


def form_token(post: Any, sender: dict[str, Any]) -> str:
    seconds: float = sender.pop("seconds")
    return sender.pop("token") if "token" in sender else token(post, seconds)
