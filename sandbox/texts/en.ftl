### The first story: what its teller says and what its people write.

## Frame

title = Centralita · eleven days in less than a minute
subtitle = The real program, between a simulated WhatsApp and a simulated Telegram, on a clock that jumps. Nothing leaves this machine.
whatsapp-of = { $name }'s WhatsApp
telegram-of = { $name }'s Telegram
types-on-phone = { $name } types on the shop's phone: { $text }
meta = Meta's API
writes-command = { $name } types { $text }
answers-with = { $name } replies to that message: { $text }
presses = { $name } presses { $label }
call-template = template { $template } · { $language } · { $category } → accepted
call-text = free-form text · inside the window → accepted
tick = { $tick ->
    [sent] ✓ sent
    [delivered] ✓✓ delivered
    [read] ✓✓ read
   *[accepted] … on its way
}

## What people write

shop = Shop
sequence = Welcome
template-language = en_US
template-name = follow_up
command-queue = /queue
command-blocks = /blocks
leo-asks = Hi, is it in stock?
mia-asks = Hello, do you deliver?
sol-asks = Hi, I'd like to order two
tom-asks = Are you open on Sundays?
step-one = Hi {"{name}"}, here is the catalogue with our prices.
step-two = Shall we go on with your order, {"{name}"}? I kept the price.
step-three = There is something new this week, {"{name}"}.
template-follow-up = Hi {"{{1}}"}, your order is still reserved. Shall we confirm it?
template-promo = Hi {"{{1}}"}, everything is 20 % off today.
leo-price = How much with delivery?
ana-price = Ten thousand, delivered.
ana-by-hand = Shall we go on with your order Sol? I kept the price 🙂
ana-sol-one = When shall I bring it?
ana-sol-two = Tell me and I'll keep it for you.
leo-thanks = It all came, thank you!
ana-thanks = Great! Any time.
ana-thanks-again = Thank you, Leo!
ana-tom-one = Yes, from ten to two.
ana-tom-two = Shall I put something aside?
ana-tom-three = Hello, Tom?

## Scenes

scene-writes = Leo writes on WhatsApp. Ana reads it in Telegram, and the sequence “{ $sequence }” starts by itself.
scene-first-step = Two hours later the first step leaves. The 24-hour window is open: it goes by itself and asks nobody.
scene-answers = Leo replies and his sequence pauses. Ana answers him from Telegram.
scene-waits = Three days later the second step of Mía and Sol is due, but their windows have closed. Nothing leaves by itself: it waits for a person.
scene-approves = Ana approves Mía's with the buttons: she picks the template, sees the price, confirms.
scene-by-hand = Sol's she types by hand, on the shop's phone. WhatsApp reports it as an echo, and the card closes by itself.
scene-suspects = Sol loses her signal. Two messages in a row undelivered for 72 hours: a possible block. Ana is told.
scene-refutes = The signal is back. The messages arrive late, and the suspicion falls at once.
scene-confirms = Tom did block the shop. Three messages into silence: block confirmed, and nothing more is sent to him.
scene-reactivates = Tom says so at the counter: it was a slip, and he undid it. Ana reactivates him with a button.
scene-flows = His sequence goes on where it stood. The step waits for Ana, she approves it, and Tom gets it.
scene-end = The final count.

## Checks

check-seen = Ana reads the message in Telegram
check-walk-began = Leo's card says that his sequence waits for its first step
check-step-arrived = all three phones have their message, with their name, and read it
check-within-window = Meta took them as free-form text inside the window
check-paused = Leo's card says: paused, replied
check-answered = the answer reached Leo's phone, and Ana got her 👌
check-held-back = nothing left for Mía or for Sol
check-in-queue = both wait in Ana's queue
check-price-first = Ana saw the price ({ $price }) before anything left
check-sent-once = Meta got the template exactly once
check-template-arrived = Mía read it on her phone
check-closed-itself = Sol's card closed by itself, and the queue is empty
check-not-repeated = the program sent nothing: the message arrived exactly once
check-suspected = Ana's alert says: probable, 95 %
check-walk-stopped = Sol's sequence is paused
check-arrived-late = both messages reached Sol's phone
check-cleared = no suspicion is left open
check-walk-on = Sol's sequence goes on
check-confirmed = Ana's alert says: confirmed, 99 %
check-silence = none of the three reached Tom
check-stopped = what Ana tries to send him is refused and does not leave
check-reactivated = the button reactivated him, and the missing step has a date
check-flows = the template reached Tom's phone
check-once = no phone got the same message twice
check-no-repeat = every send left exactly once
check-webhooks = all { $count } of Meta's webhooks were kept and applied
check-refusals = Meta refused nothing
check-queue-empty = nothing is left in the queue

## Summary

summary-title = What each side saw
summary-who = who
summary-saw = what they saw
summary-customer = { $received ->
    [one] 1 message on the phone
   *[other] { $received } messages on the phone
}{ $lost ->
    [0] {""}
   *[other] {" "}· { $lost } swallowed by the block
} · wrote { $wrote }
summary-agent = { $messages ->
    [one] 1 message of a customer
   *[other] { $messages } messages of customers
} · { $alerts ->
    [one] 1 alert
   *[other] { $alerts } alerts
} · { $presses ->
    [one] 1 button pressed
   *[other] { $presses } buttons pressed
}
summary-meta = { $texts ->
    [one] 1 text
   *[other] { $texts } texts
} and { $templates ->
    [one] 1 template
   *[other] { $templates } templates
} accepted · { $refused } refused · { $webhooks } webhooks delivered
summary-program = { $pending } in the queue · { $dead } webhooks not understood · { $days } simulated days
summary-true = { $count } of { $all } checks, all of them true.
summary-false = Something did not come true: { $count } of { $all } checks passed.
broken = This did not come true
page-at = The sandbox is open at { $url } (Ctrl+C ends it).
bye = Bye.
