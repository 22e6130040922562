"""One subscriber, one way to write the number.

Meta's `wa_id` is not always the number as its country writes it today (reference 1.5): Brazil gave its mobiles a ninth digit, Argentina
says 9 and Mexico said 1 before a mobile's number, and accounts older than such a change keep the old form. The same person comes as both.
Here both become one, for comparing only: what is sent to is always Meta's own spelling.
"""

BRAZIL, ARGENTINA, MEXICO = "55", "54", "52"
LOCAL_IN_BRAZIL = 8
OLD_BRAZILIAN_MOBILE = "6789"
"""How a mobile's eight digits began; a landline's begin with 2 to 5 and never had a ninth."""


def subscriber(wa_id: str) -> str:
    """The digits that stand for everybody who reaches the same phone; of a number without variants, its own."""
    if wa_id.startswith(BRAZIL):
        return _brazilian(wa_id)
    if wa_id.startswith(ARGENTINA) and len(wa_id) == 12 and wa_id[2] != "9":
        return f"{ARGENTINA}9{wa_id[2:]}"
    if wa_id.startswith(f"{MEXICO}1") and len(wa_id) == 13:
        return MEXICO + wa_id[3:]
    return wa_id


def _brazilian(wa_id: str) -> str:
    """55, two digits of the area, and eight or nine of the subscriber."""
    area, local = wa_id[2:4], wa_id[4:]
    if len(local) == LOCAL_IN_BRAZIL and local[0] in OLD_BRAZILIAN_MOBILE and "0" not in area:
        return f"{BRAZIL}{area}9{local}"
    return wa_id
