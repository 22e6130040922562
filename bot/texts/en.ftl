### English. queue = pending manual queue, window = the 24-hour service window.

## Time and money

time-now = now
time-today = today { $time }
time-tomorrow = tomorrow { $time }
time-yesterday = yesterday { $time }
price-unknown = no rate loaded
price-free = no cost
price-free-entry = no cost (72 h from an ad)
price-unless-free = { $price }, unless it is within Meta's { $free } free messages a month
category-name = { $category ->
    [marketing] marketing
    [utility] utility
    [authentication] authentication
    [service] service
   *[other] { $word }
}
template-reason = { $reason ->
    [ABUSIVE_CONTENT] abusive content
    [INCORRECT_CATEGORY] the category is not right
    [TAG_CONTENT_MISMATCH] language or category do not fit the content
    [INVALID_FORMAT] invalid format
    [SCAM] it looks like a scam
    [PROMOTIONAL] it is promotional
    [FIRST_PAUSE] first pause for quality
    [SECOND_PAUSE] second pause for quality
    [RATE_LIMITING_PAUSE] pause for sending too fast
    [none] no reason known
   *[other] { $word }
}

## Buttons (widths: 36 alone, 20 in two, 13 in three, 10 in four)

button-menu = ‹ Menu
button-back = ‹ Back
button-cancel = Cancel
button-first = ⏮ Start
button-backups = 🗄 Backups
button-backup-now = 🗄 Back up now
button-backup-prove = 🔍 Prove the newest
button-more = More ›
button-next = ▶️ Next
button-start = ▶️ Begin
button-queue = { $count ->
    [0] 📮 Queue
   *[other] 📮 Queue { $count }
}
button-alerts = { $count ->
    [0] 🔔 Alerts
   *[other] 🔔 Alerts { $count }
}
button-find = 🔎 Find contact
button-find-again = 🔎 Search again
button-sequences = 🔁 Sequences
button-blocks = 🚫 Blocks
button-costs = 💵 Costs
button-forecast = 🔮 Next days
button-days = { $days } days
button-today = Today
button-week = 7 days
button-month = Month
button-by-category = By type
button-by-account = By number
button-by-sequence = By sequence
button-by-market = By country
button-status = 📊 Status
button-help = ❓ Help
button-language = 🌐 Language
button-one-by-one = ▶️ Work one by one
button-send-now = ✅ Send now
button-send-for = ✅ Send for { $price }
button-send-unpriced = ✅ Send without knowing the price
button-template = 💳 Template
button-other-template = 📄 Other
button-values = ✏️ Values
button-keep-value = ✔️ Leave it
button-by-hand = 📱 By hand
button-discard = 🗑 Discard
button-contact = 👤 Card
button-to-queue = ‹ Queue
button-to-sequences = ‹ Sequences
button-to-blocks = ‹ Blocks
button-see-pending = 📮 See the item
button-copy-text = 📋 Copy text
button-copy-phone = 📋 Copy phone
button-open-whatsapp = ↗️ Open WhatsApp
button-sent-it = ✅ I sent it
button-reply = ✍️ Reply
button-compose = 🔘 Buttons
button-form-buttons = 🔘 Buttons
button-form-list = 📋 List
button-form-link = 🔗 Link
button-form-phone = 📞 Ask for phone
button-send-this = ✅ Send like this
button-start-over = ✏️ Start over
button-enroll = 👥 Enrol
button-pause = ⏸ Pause
button-resume = ▶️ Resume
button-take = 🙋 Take
button-give-back = 👋 Give back
button-reactivate = ♻️ Reactivate
button-reactivate-now = ♻️ Yes, reactivate
button-merge = 🔗 Merge with { $contact }
button-merge-now = 🔗 Yes, merge
button-unmerge = ✂️ Undo the merge
button-unmerge-now = ✂️ Yes, part
button-why = ❓ Why
button-why-contact = ❓ This contact
button-erase = 🗑 Forget this person
button-labels = 🏷 Details
button-tag = 🏷 Tag
button-field = 📇 Field
button-note = 📝 Note
button-acknowledge = 👀 I take it
button-all-alerts = 🔔 See all
button-believe-again = ↩️ Assume it again
button-accounts = 📱 Numbers
button-to-accounts = ‹ Numbers
button-account = 📱 See the number
button-new-token = 🔑 New token
button-open-form = 🔐 Open the form
button-check = 🧪 Check with Meta
button-subscribe = 📨 Subscribe
button-resume-now = ▶️ Yes, resume
button-assume-manual = { $on ->
    [yes] ✅
   *[other] ⬜
} From the phone
button-assume-start = { $on ->
    [yes] ✅
   *[other] ⬜
} Plan start
button-do-it = ▶️ Do it
button-ignore = ✖️ Ignore

## Home

home-hello = 🏠 <b>Hi, { $name }</b>
home-calm = All done ✨ Nothing waits for you.
home-waiting = { $pending ->
    [0] Queue empty
   *[other] <b>{ $pending }</b> in queue
} · { $alerts ->
    [0] no alerts
    [one] 1 alert
   *[other] { $alerts } alerts
}
home-numbers = Open windows: { $windows } · Numbers: { $accounts }
welcome = 👋 <b>Welcome, { $name }</b> · { $role ->
    [admin] administrator
    [agent] agent
   *[viewer] viewer
}
welcome-what = Customers’ messages, what waits for your decision and the alerts arrive here.

## Manual queue

queue-title = 📮 <b>Manual queue</b> · { $count }
queue-what = Sends that wait for a person. Nothing leaves from here by itself.
queue-empty-title = 📮 <b>Queue empty</b> 🎉
queue-empty = No send waits for a decision.
queue-line = { $icon } <b>{ $code }</b> { $contact } · “{ $text }” · { $ago }
pending-title = 📮 <b>{ $code }</b> · <b>{ $contact }</b> · { $ago }
pending-where = { $phone } · via <b>{ $account }</b>
pending-from-agent = From: 💬 a person’s reply
pending-from-sequence = From: 🔁 { $sequence }, step { $step } of { $steps }
pending-ready = 🟢 The text can leave now · { $price }
pending-unknown = ❓ <b>It may have left:</b> WhatsApp did not answer. Sending it again may repeat it.
pending-rejected = 🟥 Meta did not accept it: a person is needed.
pending-template = { $reason ->
    [template_missing] 📄 The template <b>{ $template }</b> is no longer at Meta, or not in that language. Choose another one.
    [template_unusable] ⏸ Meta does not let the template <b>{ $template }</b> be used now. Wait until it is back, or choose another one.
    [template_marketing] 🔕 The template <b>{ $template }</b> is marketing now, and this person wants no marketing.
    [template_barred] ⛔ Meta did not take the template <b>{ $template }</b> from this number when it was to leave.
    [budget] 🎯 The template <b>{ $template }</b> goes beyond the month’s budget. It leaves only if you approve it by template.
    [template_price] 💱 The template <b>{ $template }</b> would cost more than was agreed to.
   *[other] ✏️ The values do not fit the template <b>{ $template }</b> as it is today. Choose it again and fill it in.
}
pending-template-works = 🟢 The template <b>{ $template }</b> works again: it can leave by template.
pending-template-price = 💱 <b>Not sent: it would cost more.</b> <b>{ $template }</b>, agreed: { $before } ({ $was }); now: { $price } ({ $now }). To accept that, send it by template.
pending-last = Last message from them: { $ago } “{ $text }”
kept-title = ⚫ <b>Not sent</b> · the window with { $contact } is closed
kept-what = Your text is kept in the queue:
resolved-title = { $state ->
    [released] ✅
    [by_hand] 📱
    [skipped] 🗑
   *[obsolete] ♻️
} <b>{ $code }</b> · <b>{ $contact }</b> · { $state ->
    [released] { $seen ->
        [person] sent by { $by }
       *[program] sent
    }
    [by_hand] { $seen ->
        [person] by hand, declared by { $by }
       *[program] sent from the phone
    }
    [skipped] { $seen ->
        [person] discarded by { $by }
       *[program] discarded
    }
   *[obsolete] no longer needed
} { $when }
by-hand-title = 📱 <b>Send by hand</b> · { $code } · { $contact }
by-hand-steps =
    1 Copy the text
    2 Open WhatsApp with <b>{ $account }</b> on your phone
    3 Paste, send, come back and mark it
by-hand-steps-elsewhere =
    1 Copy the text
    2 Open WhatsApp on your phone. <b>{ $account }</b> is not in the app: it will leave from your own number
    3 Paste, send, come back and mark it
by-hand-above = The text is in the message above ⬆️
by-hand-file = 📎 The file is in your chat with the bot: save it and attach it in WhatsApp.
templates-title = 📄 <b>Templates for { $contact }</b>
templates-what = Price per delivered message, rate card of { $card }.
templates-empty = No approved template fits here. They are requested in Meta’s WhatsApp manager.
templates-line = { $number } <b>{ $name }</b> · { $category } · { $price } · { $icon } { $language } { $quality }
    <i>{ $text }</i>
templates-unusable = { $count ->
    [one] ⏸ { $count } more that Meta does not let be used now: /templates
   *[other] ⏸ { $count } more that Meta does not let be used now: /templates
}
template-ask-title = 📄 <b>{ $template }</b> for <b>{ $contact }</b> · value { $number } of { $count }
template-ask = { $kind ->
    [file] Send the { $media ->
        [image] image
        [video] video
       *[document] document
    } that stands above.
    [place] Send the location that stands above (or “latitude, longitude”).
    [url] Write the end of the link of the button “{ $name }”.
    [code] Write the code that the button “{ $name }” copies.
    [header] Write the value “{ $name }” of the title.
   *[body] Write the value “{ $name }”.
}
template-ask-now = Now: <b>{ $value }</b>
template-list-title = { $count ->
    [0] 📄 <b>Templates</b>
   *[other] 📄 <b>Templates</b> · { $count }
}
template-list-empty = There are none yet. They are made in Meta’s WhatsApp Manager and appear here by themselves.
template-list-line = { $icon } <b>{ $name }</b> · { $language } · { $category } · { $state } { $quality }
template-title = { $icon } <b>{ $name }</b> · { $language } · { $category }
template-is = State: { $state }
template-state = { $state ->
    [approved] approved
    [paused] paused by Meta
    [pending] in review
    [rejected] rejected
    [disabled] disabled
    [archived] archived
    [in_appeal] in appeal
    [limit_exceeded] limit of templates reached
    [deleted] deleted
    [refused] Meta refused the last send; it is read again
   *[other] { $word }
}
template-why = Reason: { $reason }
template-until = Paused until: { $when }
template-quality = Quality: { $icon } { $quality ->
    [GREEN] high
    [YELLOW] medium
    [RED] low
   *[UNKNOWN] no data yet
}
template-was = It was { $category } before.
template-becomes = Meta moves it to { $category }: { $when }.
template-unfit = It has a part that cannot be filled in from here ({ $part }).
template-unread = Meta has not said yet what it contains; it is read in a few minutes.
template-seen = Seen { $ago }.
market-north-america = North America
market-rest-of-africa = Rest of Africa
market-rest-of-asia-pacific = Rest of Asia Pacific
market-rest-of-central-eastern-europe = Rest of Central and Eastern Europe
market-rest-of-latin-america = Rest of Latin America
market-rest-of-middle-east = Rest of Middle East
market-rest-of-western-europe = Rest of Western Europe
market-other = Other countries
confirm-title = 💳 <b>Confirm paid send</b>
confirm-to = To <b>{ $contact }</b> ({ $phone }) via <b>{ $account }</b>
confirm-template = Template <b>{ $name }</b> · { $language } · { $category }
confirm-price = Price: <b>{ $price }</b> · { $market } · { $category } · rate card of { $card }
confirm-valid = This button is good for 90 seconds, once.

## Contacts

contact-title = 👤 <b>{ $contact }</b> · { $code }
contact-no-phone = no phone
contact-only-username = no phone: only their WhatsApp username
contact-before = Before: { $names }
contact-alike = 👥 Perhaps the same person: { $contact } · { $phone } · { $code }
contact-merged = { $why ->
    [by_hand] 🔗 Merged by hand with { $contact } { $ago }
   *[other] 🔗 WhatsApp said that { $contact } is the same person ({ $ago })
}
merge-title = 🔗 <b>Merge { $one } and { $other }?</b>
merge-means = They become one contact with one history. If both walk the same sequence, the one that is further goes on; if one wanted no messages, that counts for both. Nothing is sent now, and it can be undone.
unmerge-title = ✂️ <b>Part { $one } and { $other }?</b>
unmerge-means = Each gets back what was theirs. What was said since the merge stays with { $one }, but for the messages that { $other } wrote. Sequences that the merge had ended are paused. Nothing is sent now.
labels-title = 🏷 <b>{ $contact }</b> · { $code }
labels-tags = 🏷 { $tags }
labels-no-tags = No tags
labels-field = 📇 { $field }: { $value }
labels-note = 📝 { $agent } · { $ago }
labels-operator = operator
labels-ask-tag = 🏷 Which tag for { $contact }? Write it. It begins the sequences that begin with it and ends those that end with it.
labels-ask-tag-placeholder = Tag
labels-ask-field = 📇 Which field of { $contact }? Write <code>city: Rosario</code>; with nothing after the colon it is cleared.
labels-ask-field-placeholder = field: value
labels-ask-note = 📝 Write the note about { $contact }. Only the team sees it.
labels-ask-note-placeholder = Note
erase-title = 🗑 <b>Erase everything of { $contact }?</b> { $phone }
erase-goes = Gone for ever: { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
}, { $files ->
    [one] { $files } file
   *[other] { $files } files
} and { $notes ->
    [one] { $notes } note
   *[other] { $notes } notes
}, and with them the name, the phone, the tags and the fields.
erase-ends = { $walks ->
    [one] { $walks } sequence ends
   *[other] { $walks } sequences end
}, and { $waiting ->
    [one] the one message that waits does not leave
   *[other] none of the { $waiting } that wait leaves
}.
erase-stays = What stays are numbers without a name (how many messages, what they cost) and, if they had opted out, just that. Backups keep it until they expire.
erase-type = It cannot be undone. To erase, type <code>{ $word }</code>.
erase-word = ERASE { $code }
erase-done = 🗑 Contact { $code } is erased: { $messages ->
    [one] { $messages } message has
   *[other] { $messages } messages have
} no words any more. What I had shown in chats goes, too.
erased-message = 🗑 <i>Erased on the person’s request.</i>
contact-profile-name = In their profile: { $name }
contact-opted-out = 🚫 Asked to receive no messages
contact-marketing-stopped = 🔕 Wants no marketing messages
contact-account = <b>{ $account }</b> · { $owner }
contact-owner = 🙋 { $agent }
contact-no-owner = unassigned
contact-by-meta = 🤖 Meta’s agent is on it
contact-pending = { $count ->
    [one] 📮 1 message in queue
   *[other] 📮 { $count } messages in queue
}
contact-more-conversations = { $count ->
    [one] … and 1 more conversation
   *[other] … and { $count } more conversations
}
contact-local-time = 🕘 { $time } over there
contact-walk = { $state ->
    [active] 🔁 “{ $sequence }” step { $step } of { $steps } · next { $when }
    [paused] ⏸ “{ $sequence }” step { $step } of { $steps } · { $reason ->
        [customer_replied] paused: replied
        [probable_block] paused: possible block
        [confirmed_block] paused: block
        [agent] paused by the team
        [restored] paused: a backup was restored
       *[other] paused
    }
    [completed] ✅ “{ $sequence }” finished
   *[exited] ⏹ “{ $sequence }” · { $reason ->
        [customer_replied] left: replied
        [tag] left: got a tag
        [opted_out] left: opted out
        [confirmed_block] left: block
        [removed] left: number removed
        [archived] left: sequence archived
        [merged] left: was walking it already
       *[other] left
    }
}
find-ask = 🔎 Whom do you look for? Write a name, a phone number or a code.
find-placeholder = Name, phone or code
find-nobody = I cannot find “{ $text }”.
find-hint = Try part of the name, or the last digits of the phone number.
find-several = 🔎 <b>{ $count } contacts</b> · which one?
find-line = <b>{ $contact }</b> · { $phone } · { $code }
message-kind = { $kind ->
    [text] 💬 Text
    [image] 📷 Photo
    [video] 🎬 Video
    [audio] 🎤 Audio
    [document] 📎 Document
    [sticker] 🌟 Sticker
    [location] 📍 Location
    [contacts] 👤 Contact
    [reaction] 👍 Reaction
    [button] ▸ Button
    [interactive] ▸ Answer
    [order] 🛒 Order
    [template] 📄 Template
    [system] ⚙️ Notice by WhatsApp
    [unsupported] ❔ Unsupported message
    [call] 📞 Call
    [call_permission] 📞 Permission to call
    [media_placeholder] 📎 A file that has not come yet
   *[other] ❔ A message of a new kind
}
message-held-by-meta = ⏸ held by Meta for a quality check
message-reaction-removed = 👍 Took the reaction back
message-system = { $what ->
    [user_changed_number] Changed the phone number: now { $number }
    [customer_changed_number] Changed the phone number: now { $number }
    [user_changed_user_id] WhatsApp gave them a new identity
    [customer_identity_changed] Changed the phone or installed WhatsApp again
   *[user_identity_changed] Changed the phone or installed WhatsApp again
}
message-unsupported = { $what ->
    [button] A button that WhatsApp does not hand over here
    [edit] Changed a message; WhatsApp does not say which or how
    [errors] WhatsApp could not hand over what was sent
    [gif] A GIF that WhatsApp does not hand over here
    [group_invite] An invitation to a group
    [hsm] A template that WhatsApp does not hand over here
    [image] A photo that WhatsApp does not hand over here, perhaps to be seen once
    [interactive] An interactive reply that WhatsApp does not hand over here
    [keep_in_chat] Kept a disappearing message
    [link_preview] A link with a preview that WhatsApp does not hand over here
    [list] A list that WhatsApp does not hand over here
    [location] A location that WhatsApp does not hand over here, perhaps a live one
    [media_placeholder] A file that WhatsApp does not hand over here, perhaps to be seen once
    [order] An order that WhatsApp does not hand over here
    [pin] Pinned a message in the chat
    [poll_creation] A poll
    [poll_update] Voted in a poll
    [product] A product that WhatsApp does not hand over here
    [reaction] A reaction that WhatsApp does not hand over here
    [too_large] A file that is too large: WhatsApp does not hand it over
    [not_here] Wrote from a device that WhatsApp does not support here: it can be seen on the phone
   *[other] Something that WhatsApp does not hand over here; ask for it in another form
}
message-call = { $outcome ->
    [completed] WhatsApp call · { $seconds } s
    [missed] Missed WhatsApp call
   *[other] Is calling you on WhatsApp
}
message-call-permission = { $answer ->
    [accept] You may call them on WhatsApp
    [reject] Wants no WhatsApp calls
   *[other] Answered whether you may call on WhatsApp
}
window-open = 🟢 Window open · closes { $when }
window-ending = 🟡 Window open · closes { $when }
window-last-minutes = 🔴 The window closes now · { $when }
window-closed = ⚫ Window closed { $ago }
window-never = ⚫ Window closed · never wrote
basis-assumed = { $basis ->
    [manual_send] assumed: sent from the phone
   *[sequence_start] assumed: sequence start
}
block-line = { $level ->
    [confirmed] 🟥 Confirmed block ({ $probability } %)
   *[probable] 🟧 Probable block ({ $probability } %)
}

## Conversations

push-inbound = 💬 <b>{ $contact }</b> · { $account }
push-manual = 📱 <b>{ $contact }</b> · { $account } · sent from the phone
push-by-meta = 🤖 <b>{ $contact }</b> · { $account } · answered by Meta’s agent
push-standby = 🤖 <i>Meta’s agent is on it; if you answer, it is yours.</i>
push-control = { $holder ->
    [meta] 🤖 <b>{ $contact }</b> · { $account } · Meta’s agent has it now
   *[ours] 🙋 <b>{ $contact }</b> · { $account } · Meta’s agent hands the conversation to you
}
push-changed = { $change ->
    [revoke] 🗑 <b>{ $contact }</b> · { $account } · { $ours ->
        [yes] deleted on the phone
       *[no] deleted their message
    }
   *[edit] ✏️ <b>{ $contact }</b> · { $account } · { $ours ->
        [yes] changed on the phone
       *[no] changed their message
    }
}
push-forwarded = ↪️ <i>{ $often ->
    [yes] Forwarded many times
   *[no] Forwarded
}</i>
push-ad = 📣 <i>{ $source ->
    [post] Comes from a post
   *[ad] Comes from an ad
}:</i> { $headline }
push-product = 🛍 <i>Asks about the product</i> { $product }
push-answers = ↩️ <i>{ $ours ->
    [yes] Answers ours
   *[no] Answers their own
}:</i> “{ $text }”
push-answers-unknown = ↩️ <i>Answers a message that I do not have.</i>
media-from = { $kind ->
    [image] 📷
    [video] 🎬
    [voice] 🎤
    [audio] 🎵
    [sticker] 🌟
   *[document] 📎
} <b>{ $contact }</b> · { $account }{ $ours ->
    [yes] { " · sent from the phone" }
   *[no] { "" }
}
media-odd = ⚠️ The file does not match the checksum that Meta gives.
media-missing = ⚠️ { $state ->
    [refused] I did not take the file: { $reason }
    [expired] The file was kept for its time and then deleted.
   *[gone] The file is gone: { $reason }
}
media-not-for-telegram = 📦 Telegram does not take this file ({ $megabytes } MB). { $where ->
    [link] Open it with the button; the link ends in some days.
   *[nowhere] It is kept on the server.
}
button-ask-history = 📥 Ask for history
button-history = 📥 History
button-open-file = Open the file
push-consent = { $said ->
    [out] 🚫 Asked for no more messages: their sequences ended. You can only answer if they write again.
   *[back] ✅ Wants to receive messages again.
}
push-closes = ⏳ Window: closes { $when }
reply-ask = ✍️ Write your answer to <b>{ $contact }</b> via { $account }.
reply-placeholder = Your answer
reply-will-wait = What you write will wait in the queue.
reply-queued = 👌 On its way.
reply-assumed = 👌 On its way, on an assumption that Meta may reject: { $basis ->
    [manual_send] somebody wrote to them from the phone
   *[sequence_start] the sequence has just begun
}.
reply-preparing = ⏳ Preparing the file for WhatsApp. You can go on; what you write to this contact leaves after it.
compose-title = 🔘 <b>Message for { $contact }</b> via { $account }
compose-what = The customer answers with a tap. In which form?
compose-will-wait = ⚫ The window is closed: it will wait in the queue.
compose-ask-words = { $form ->
    [buttons] 🔘 Write the text above the buttons
    [list] 📋 Write the text above the list
    [link] 🔗 Write the text above the link
   *[phone] 📞 Write how to ask for the phone number
} for <b>{ $contact }</b> via { $account }.
compose-ask-titles = { $form ->
    [buttons] 🔘 Now the buttons, one a line: 1 to 3, of up to 20 characters.
    [list] 📋 Now the options, one a line: up to 10. With <code>title | description</code> they carry a description, and <code># title</code> begins a section.
   *[link] 🔗 Now the button’s title (up to 20 characters) and the address: <code>See catalogue https://…</code>
}
compose-cancel = <i>/cancel leaves it.</i>
compose-placeholder-words = Text of the message
compose-placeholder-titles = { $form ->
    [link] Title and address
   *[other] One a line
}
compose-list-label = See options
compose-phone-button = 📞 Share phone number
compose-look = 👀 <b>This is what { $contact } will see</b> via { $account }
compose-sent = 👌 <b>On its way to { $contact }</b> via { $account }
reply-cannot-leave = 📎 Texts, photos, videos, voice, audio, documents, stickers, places and contacts leave from here. Nothing was sent.
late = ⏳ I received this { $ago } (I was offline). Do it?
hint-reply = ✍️ To answer a customer, reply (swipe) to their message or use the Reply button.
hint-find = To open a card: <code>/c name</code>.

## Sequences

sequences-title = 🔁 <b>Sequences</b> · { $active ->
    [one] 1 active
   *[other] { $active } active
} · { $inside ->
    [one] 1 person inside
   *[other] { $inside } people inside
}
sequences-empty = There are none yet. An administrator loads them from a file.
sequences-line = { $icon } <b>{ $name }</b> v{ $version } · { $inside } inside{ $paused ->
    [0] {""}
   *[other] {" "}({ $paused } paused)
}
sequence-title = 🔁 <b>{ $name }</b> v{ $version } · { $state ->
    [draft] 📝 draft
    [active] ▶️ active
    [paused] ⏸ paused
   *[archived] 🗄 archived
}
sequence-counts = { $active } walking · { $paused } paused · { $completed } finished · { $exited } left
sequence-trigger = { $trigger ->
    [first_message] Starts by itself with the contact’s first message.
    [keyword] Starts by itself when the contact writes one of its words.
    [ad] Starts by itself when the contact comes from an ad.
    [tag] Starts by itself when the contact gets a tag.
    [import] Starts with those who are imported.
   *[manual] Starts when somebody enrols the contact.
}
sequence-hours = 🕘 Leaves from { $from } to { $to }, the contact’s time{ $days ->
    [7] {""}
   *[other] , { $days } days a week
}.
sequence-tolerance = ⏩ A step may leave up to { $delay } earlier to reach the open window.
sequence-no-steps = It has no steps.
sequence-more-steps = … and { $count } more steps
enroll-ask = 👥 Whom to enrol in “{ $sequence }”? Write a name, a phone number or a code.
enroll-which = 👥 In which sequence to enrol <b>{ $contact }</b>?
enroll-none = No sequence is active.
enroll-confirm = 👥 Enrol <b>{ $contact }</b> in “{ $sequence }”
enroll-first = First message ({ $delay }):
enroll-steps = { $count ->
    [one] 1 step in all.
   *[other] { $count } steps in all.
}
enroll-wrong-account = This sequence belongs to another number, and the contact has no conversation with it.

## Blocks

blocks-title = 🚫 <b>Blocks</b>
blocks-what = WhatsApp never reports a block: it is inferred from what is not delivered.
blocks-empty = No open suspicion. Everything is delivered ✨
blocks-no-more = There are no more.
blocks-line = { $level ->
    [confirmed] 🟥
   *[probable] 🟧
} <b>{ $contact }</b> · { $level ->
    [confirmed] confirmed
   *[probable] probable
} { $probability } % · { $messages } undelivered · { $ago }
reactivate-title = ♻️ <b>Reactivate { $contact }</b> · { $account }
reactivate-belief = { $level ->
    [confirmed] Now: confirmed block ({ $probability } %)
   *[probable] Now: probable block ({ $probability } %)
}
reactivate-evidence = { $count ->
    [one] 1 message in a row undelivered, suspected since { $since }
   *[other] { $count } messages in a row undelivered, suspected since { $since }
}
reactivate-means = They can be written to again and their sequences go on. The count of undelivered messages starts from zero. Nothing is sent now.
reactivated = ♻️ Reactivated. Their sequences go on where they were.

## Alerts

alerts-title = 🔔 <b>Open alerts</b>
alerts-what = 👀 and the number: I take that one.
alerts-empty = No open alerts ✨
alerts-no-more = There are no more.
alerts-line = <b>{ $number }</b> { $icon } { $ago }{ $count ->
    [1] {""}
   *[other] {" "}· ×{ $count }
}
alert-push = { $icon } <b>{ $severity ->
    [critical] Critical alert
    [warning] Warning
   *[info] For your information
}</b>
alert-acknowledged = { $mine ->
    [yes] 👀 <b>You take it</b>
   *[no] 👀 <b>Somebody else takes it</b>
}
alert-unknown = An alert that this version does not know ({ $kind }).
alert-probable-block = <b>{ $contact }</b>: probable block ({ $probability } %), { $messages } messages in a row undelivered. Their sequences are paused.
alert-confirmed-block = <b>{ $contact }</b>: confirmed block ({ $probability } %), { $messages } messages in a row undelivered. Nothing more is sent to them.
alert-token-expiring = The token of <b>{ $account }</b> expires { $days ->
    [0] today
    [one] tomorrow
   *[other] in { $days } days
}.
alert-token-failed = The token of <b>{ $account }</b> fails: { $problem }. Its sends wait for a new token.
alert-account-held = <b>{ $account }</b> is stopped: { $reason ->
    [token] invalid token
    [payment] payment trouble
    [spam] Meta restricted it after blocks and reports
    [health] Meta has it blocked: { $problem }
    [policy] Meta sees a breach of its rules
    [banned] Meta suspended it
    [restricted] Meta restricted it
    [account_deleted] the account was deleted
    [offboarded] the account was disconnected
    [disconnected] Meta disconnected it
    [permission] the token lacks permissions
    [locked] Meta locked the account
    [registration] the number is not registered
    [configuration] Meta does not know the number
   *[other] { $reason }
}. Its sends wait.
alert-account-limited = <b>{ $account }</b> goes on, but Meta limits what it sends: { $problem }
alert-account-slowed = Meta asked <b>{ $account }</b> to slow down: { $code ->
    [rate-limit] it sends more slowly and recovers by itself
    [number-in-maintenance] the number is in maintenance; it waits a few minutes
    [account-limit] too many calls of the account; its numbers wait for a while
   *[other] too many calls of the app; all numbers wait for a while
}.
alert-portfolio-limit = <b>{ $account }</b>: Meta’s limit of { $most } people a day outside their window is reached. { $waiting } templates wait; the next may leave { $until }. Replies leave as always.
alert-budget = 🎯 This month’s budget of { $scope ->
    [all] all numbers
   *[one] <b>{ $account }</b>
}: { $used } of { $limit } ({ $percent } %). { $percent ->
    [100] Templates that cost wait for your approval in the queue; replies leave as always.
   *[other] At 100 % templates that cost will wait for your approval.
}
alert-app-sends = <b>{ $account }</b>: { $count } messages typed on the phone in 24 h; the limit is { $most }.
alert-account-event = Meta says something about <b>{ $account }</b>.
news-account-deleted = The account of <b>{ $account }</b> was deleted at Meta. Its messages wait. If that was not on purpose, claim it back from Meta.
news-ad-account-linked = An ad account was linked to that of <b>{ $account }</b>. Nothing to do.
news-app-installed = The app was installed in the account of <b>{ $account }</b>. Nothing to do.
news-app-uninstalled = Somebody removed the app from the account of <b>{ $account }</b>: messages may no longer come. Subscribe it again.
news-authentication-price = The international authentication rate of <b>{ $account }</b> changed. Look at the prices.
news-ban-scheduled = Meta will ban <b>{ $account }</b> on { $date }. It still sends. Appeal before that in the WhatsApp Manager.
news-ban-unclear = Meta changed the ban of <b>{ $account }</b> ({ $state }). Nothing changed here: look at the WhatsApp Manager.
news-banned = Meta banned <b>{ $account }</b>. Its messages wait. Appeal in the WhatsApp Manager.
news-capability = Meta changed the limits of <b>{ $account }</b>: { $limit ->
    [unlimited] new people a day without limit
    [none] new people a day as before
   *[other] { $limit } new people a day
}, { $numbers } numbers. Nothing to do.
news-certification = The certification of <b>{ $account }</b> with its provider changed. Look at the WhatsApp Manager.
news-country = Meta changed the country of the business of <b>{ $account }</b> to { $country }. Prices and taxes may change.
news-disconnected = <b>{ $account }</b> was disconnected: { $reason ->
    [account_disconnected] somebody disconnected it in the app
    [business_downgrade] the business left the platform
    [change_number] the phone changed its number
    [companion_inactivity] a linked device was not used for about 30 days
    [primary_inactivity] the phone was not online for about 14 days
    [user_re_registered] the number was registered on another phone
   *[other] Meta does not say why
}. Its messages wait. Connect it again.
news-form-state = Meta changed a form of <b>{ $account }</b>: { $state ->
    [published] it is published
    [blocked] it is blocked and cannot be sent
    [throttled] it is slowed down to 10 an hour
    [deprecated] it is retired
    [draft] it is a draft again
   *[other] it has another state
}.
news-form-trouble = { $over ->
    [yes] A form of <b>{ $account }</b> works well again.
   *[no] A form of <b>{ $account }</b> fails or is slow. Look at what serves it.
}
news-marketing-terms-signed = <b>{ $account }</b> accepted the terms of the marketing API. Nothing to do.
news-meta-alert = { $over ->
    [yes] A warning of Meta's about <b>{ $account }</b> is settled:
   *[no] Meta warns about <b>{ $account }</b>:
} { $what ->
    [oba_approved] the official business badge was approved
    [oba_rejected] the official business badge was rejected
    [increased_capabilities_eligibility_deferred] the higher limit was put off; more will be known later
    [increased_capabilities_eligibility_failed] the message limit does not grow for now
    [increased_capabilities_eligibility_need_more_info] facts about the business are missing for a higher limit
    [profile_picture_lost] the profile picture was lost; upload it again
   *[other] look at the WhatsApp Manager
}.
news-name = { $decision ->
    [approved] Meta approved the name “{ $name }” of <b>{ $account }</b>.
    [rejected] Meta rejected the name “{ $name }” of <b>{ $account }</b>. It still sends with the old one; ask for another.
   *[other] Meta is looking at the name “{ $name }” of <b>{ $account }</b>.
}
news-number-error = Meta reports an error of <b>{ $account }</b> ({ $code }): { $error }
news-number-quality = <b>{ $account }</b>: { $what ->
    [onboarding] the number is ready to send
    [throughput_upgrade] Meta made the number faster
    [flagged] the quality of the number is low: many block or report it. Send less and better
    [unflagged] the quality of the number has recovered
    [upgrade] Meta raised the message limit
    [downgrade] Meta lowered the message limit
   *[other] the quality or the limit of the number changed
}{ $limit ->
    [none] .
    [unlimited] . New people a day: no limit.
   *[other] . New people a day: { $limit }.
}
news-offboarded = The phone of <b>{ $account }</b> was changed or registered again. Its messages wait; mostly it reconnects by itself in minutes.
news-other = Meta says something new about <b>{ $account }</b> ({ $field }: { $event }). It is kept; nothing changed here.
news-partner-added = <b>{ $account }</b> was shared with a provider. If you did not expect that, look at Meta.
news-payments = Payment configuration “{ $configuration }” of <b>{ $account }</b>: { $state ->
    [active] active
    [needs_connecting] must be connected
    [needs_testing] must be tested
   *[other] changed
}.
news-price-tier = <b>{ $account }</b> reached another price tier by volume: { $pricing_category }, { $region }, { $tier }.
news-reconnected = <b>{ $account }</b> is connected again. Its messages go on.
news-reinstated = Meta lifted the ban of <b>{ $account }</b>. Its messages go on.
news-restricted = Meta restricted <b>{ $account }</b>: it can neither send nor answer{ $until ->
    [none] .
   *[other] {" "}until { $until }.
} Its messages wait.
news-restricted-in-part = Meta restricted <b>{ $account }</b>: { $what ->
    [numbers] it cannot add numbers
    [templates] no templates leave, so it begins no conversations; answers inside the window do
    [utility] its utility templates do not leave
    [direct_send] direct sending of utility does not leave
    [calls] no calls
   *[other] see which in the WhatsApp Manager
}{ $until ->
    [none] .
   *[other] {" "}until { $until }.
} Everything else still leaves.
news-review = { $decision ->
    [approved] Meta reviewed <b>{ $account }</b> and approved it.
    [rejected] Meta reviewed <b>{ $account }</b> and rejected it. Appeal in the WhatsApp Manager.
    [deferred] Meta put off the review of <b>{ $account }</b>.
   *[other] Meta is reviewing <b>{ $account }</b>.
}
news-security = { $what ->
    [pin_reset_request] Somebody asked to reset the PIN of <b>{ $account }</b>. If it was not you, change it now in the WhatsApp Manager.
    [pin_reset_success] The PIN of <b>{ $account }</b> was reset. If it was not you, somebody else has access.
    [pin_changed] The PIN of <b>{ $account }</b> changed. If it was not you, somebody else has access.
   *[other] Something changed in the security of <b>{ $account }</b>. Check it in the WhatsApp Manager.
}
news-settings = Somebody changed the settings of <b>{ $account }</b> at Meta. Nothing to do if it was on purpose.
news-solution = The solution shared with a provider in the account of <b>{ $account }</b>: { $state ->
    [active] is active
    [initiated] waits for somebody to accept it
    [rejected] was rejected
    [pending_deactivation] will be deactivated
    [deactivated] is deactivated
   *[other] changed
}.
news-username = Username of <b>{ $account }</b>: { $decision ->
    [approved] @{ $username } was approved
    [reserved] @{ $username } is reserved
    [deleted] @{ $username } was taken away
   *[other] changed
}.
news-violation = Meta says that <b>{ $account }</b> breaks its policies ({ $what ->
    [adult] adult content
    [alcohol] alcohol
    [animals] selling animals
    [dating_services] dating
    [drugs] drugs
    [gambling] gambling
    [healthcare] health
    [real_fake_currency] real or fake money
    [scam] deception
    [spam] unwanted messages
    [supplements] supplements
    [tobacco] tobacco
    [weapons] weapons
   *[other] it does not say which
}). If it goes on, it will be banned: look at what is sent.
alert-webhook-dead = A notice from WhatsApp could not be understood ({ $webhook_id }): { $error }. It is kept.
alert-outside-window = “{ $sequence }” ({ $account }): the window with { $contact } is closed. The message is in the queue.
alert-outside-window-reply = { $account }: a reply to { $contact } with the window closed. It is in the queue.
alert-assumption-off = On <b>{ $account }</b> Meta rejected a send on an assumption ({ $assumption ->
    [manual_send] sent from the phone
    [sequence_start] sequence start
   *[other] { $assumption }
}). It is no longer assumed on this number.
alert-send-failed = A message to <b>{ $contact }</b> did not leave: { $why } ({ $code })
alert-unknown-outcome = A message to <b>{ $contact }</b> may have left: WhatsApp did not answer. A person decides.
alert-job-failed = The job { $job } failed: { $error }
alert-agent-unreachable = Nothing reaches <b>{ $agent }</b>: they blocked the bot or closed the chat. The whole team sees their contacts now.
alert-media-store = Customers’ files cannot be kept ({ $problem }). Look at the disk or the store; I keep trying.
alert-backup-failed = The backup could not be made or proven: { $problem }. I try again tomorrow; from /backups, now.
alert-backup-old = The last good backup is { $hours } hours old. Look at /backups.
alert-restored = The backup of { $made_at } was restored. What came after it is not there. So that nothing leaves twice: { $sends } sends and { $cards } messages of the queue ask whether they have left, { $walks } walks through sequences and { $accounts } numbers are paused, { $webhooks } webhooks wait. Look through the queue and resume each number.
alert-template = Template <b>{ $template }</b> ({ $language }): { $trouble ->
    [paused] Meta paused it for its quality{ $until ->
        [none] {""}
       *[other] {" "}until { $until }
    }. What was to leave with it waits in the queue; when it is back, it is offered again.
    [disabled] Meta disabled it. It does not come back: make another one in WhatsApp Manager and change it in your sequences.
    [rejected] Meta rejected it ({ $reason }). Correct it in WhatsApp Manager.
    [gone] it is no longer at Meta. What was to leave with it waits in the queue: choose another one.
    [missing] Meta says that it does not exist in that language. What was to leave with it waits in the queue; the list is read again.
    [mismatch] Meta refused the values ({ $reason }). What was to leave with it waits in the queue; the template is read again.
    [barred] Meta lets nothing leave with it now ({ $reason }). See why in WhatsApp Manager. What was to leave with it waits in the queue: choose another one.
    [recategorised] Meta moved it to { $category }. It costs what that category costs from now on.
    [impending] Meta will move it from { $category } to { $next_category } ({ $starts }). From then on it costs what that category costs; if that is wrong, appeal in WhatsApp Manager.
    [low_quality] its quality fell: people block or report it. If that goes on, Meta pauses it. Use it less, or change it.
    [flagged] Meta watches it for bad quality. If it does not improve, Meta disables it.
   *[approved] approved: it can be used{ $waiting ->
        [0] .
        [one] {" "}and { $waiting } message waits for it in the queue. It does not leave by itself.
       *[other] {" "}and { $waiting } messages wait for it in the queue. They do not leave by themselves.
    }
}

## Costs

costs-title = 💵 <b>Costs</b> · { $period ->
    [today] today
    [week] last 7 days
   *[month] this month
}
costs-whole = <b>{ $amount }</b> · { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
}
costs-nothing = Nothing spent.
costs-yesterday = Yesterday: { $amount }
costs-budget = 🎯 { $scope ->
    [all] all numbers
   *[one] <b>{ $account }</b>
}: { $used } of { $limit } ({ $percent } %)
costs-line = { $name } · { $messages } × → { $amount }
costs-line-free = { $name } · { $messages } × → { $amount } ({ $free } at no cost)
costs-ahead-title = 🔮 <b>Next { $days } days</b>
costs-ahead = { $kind ->
    [queued] Templates on their way
    [template] Steps by template, if approved
    [reply] Steps in an open window, once Meta’s quota is used
   *[undecided] Steps without template or window: a person decides
} · { $messages } × → { $amount }{ $unpriced ->
    [0] { "" }
   *[other] { " " }({ $unpriced } without a price)
}
costs-ahead-nothing = Nothing planned.
costs-ahead-more = ⚠️ There is more: not all was counted.
costs-ahead-what = <i>If nobody replies and nothing changes, at each day’s rates.</i>
costs-unpriced = ⚠️ { $count } without a loaded rate, not added
costs-of-none = no sequence
costs-source = <i>What Meta said of each message that arrived, at the rate of its day. The bill is Meta's.</i>

## Why

why-title = ❓ <b>Why</b> · <b>{ $contact }</b> · { $account }
why-title-message = ❓ <b>Why</b> · message { $code } of <b>{ $contact }</b> · { $account }
why-ask = About whom or what? Write /why with a code or a name, or answer a card or a message with /why.
why-part-fact = <b>What is known</b>
why-part-rule = <b>What decides</b>
why-part-next = <b>What happens next</b>
why-account = { $state ->
    [paused] The number was paused by the team.
    [removed] The number was given up.
   *[held] The number is stopped{ $until ->
        [none] .
       *[other] { " " }until { $until }.
    }
}
why-by-meta = Meta’s own agent answers this conversation since { $at }.
why-wrote = They last wrote { $at }. That opens 24 hours, by Meta’s clock.
why-never-wrote = They have never written to this number: no window was ever open.
why-typed = Somebody of ours last typed on the phone { $at }.
why-refuted = Meta said { $at } that the window was closed (131047); that counts more than our own clock.
why-opted-out = They asked to receive nothing more{ $at ->
    [none] .
   *[other] { " " }{ $at }.
}
why-marketing-stopped = They want no marketing.
why-marketing-capped = Meta keeps marketing from this person until { $until } (131049).
why-block = { $level ->
    [confirmed] A block is taken as certain
   *[probable] A block is likely
}{ $count ->
    [none] .
   *[other] { " " }({ $probability } %): { $count } messages in a row did not arrive, seen since { $since }.
}
why-last-failed = Our last message failed { $at }{ $meta ->
    [none] .
   *[other] { " " }(Meta’s code { $meta }).
}
why-message-failed-at = It failed { $at }{ $meta ->
    [none] .
   *[other] { " " }(Meta’s code { $meta }).
}
why-walk = Sequence “{ $sequence }”, step { $step } of { $steps }: { $state ->
    [paused] paused, { $reason ->
        [customer_replied] because they replied { $at }
        [probable_block] because of a possible block
        [confirmed_block] because of a block
        [agent] by the team
        [restored] because a backup was restored
        [restored] because the database was restored
       *[other] { $reason }
    }
    [completed] finished
   *[exited] ended, { $reason ->
        [customer_replied] because they replied
        [tag] because of a tag
        [opted_out] because they opted out
        [confirmed_block] because of a block
        [agent] by the team
        [archived] because the sequence was archived
        [merged] because two contacts became one
        [erased] because the person was erased
       *[other] { $reason }
    }
}.
why-may-write = A free text may leave now: { $basis ->
    [ad_entry] they came from an ad and wrote
    [manual_send] it is assumed, because somebody typed on the phone
   *[customer_message] they wrote less than 24 hours ago
}. Open until { $until }.
why-must-ask = A free text may not leave by itself: the window is closed{ $since ->
    [none] .
   *[other] { " " }since { $since }.
} A person chooses: a template, or by hand.
why-must-wait = It may not leave before { $until }.
why-may-not = Nothing may leave.
why-nothing = Nothing waits to leave.
why-unproven = { $origin ->
    [reply] A reply
    [approval] An approved message
   *[sequence] A step
} ({ $message }) may have left: it waits for Meta’s proof, and then for a person. It is not repeated.
why-leaving = { $origin ->
    [reply] A reply
    [approval] An approved message
   *[sequence] A step
} ({ $message }) is leaving right now.
why-stopped = { $origin ->
    [reply] A reply
    [approval] An approved message
   *[sequence] A step
} ({ $message }) leaves when the number goes on{ $until ->
    [none] .
   *[other] { " " }({ $until }).
}
why-queued = { $origin ->
    [reply] A reply
    [approval] An approved message
   *[sequence] A step
} ({ $message }) leaves { $at }.
why-more-queued = And { $count } more wait to leave.
why-card = Card { $card } waits for a person since { $since }: { $reason ->
    [window_closed] the window was closed
    [rejected_by_meta] Meta rejected it
    [unknown_outcome] it is not known whether it left
    [template_missing] the template is missing
    [template_unusable] the template may not be sent now
    [template_mismatch] the values do not fit the template
    [template_marketing] the template became marketing
    [budget] it goes beyond the month’s budget
    [template_price] its price changed
    [template_barred] Meta lets no templates leave for now
   *[other] { $reason }
}.
why-more-cards = And { $count } more cards wait.
why-awaits = “{ $sequence }” waits for their answer{ $until ->
    [none] .
   *[other] { " " }until { $until }.
}
why-step = “{ $sequence }”, step { $step } of { $steps }: { $at }{ $how ->
    [pulled_forward] , earlier so that the window is still open
    [pushed] , moved into the hours that they may be written to
   *[on_time] , when its time comes
}. { $basis ->
    [window] The window will be open.
    [template] The window will be closed: a person decides on its template.
   *[agent] The window will be closed: a person decides.
}
why-message-in = They wrote it { $at }.
why-message-out = { $origin ->
    [reply] { $agent ->
        [none] A reply
       *[other] { $agent } answered
    }
    [approval] { $agent ->
        [none] It was approved
       *[other] { $agent } approved it
    }
   *[sequence] Sequence { $sequence ->
        [none] { "" }
       *[other] “{ $sequence }”{ " " }
    }wanted step { $step }
}{ " " }({ $at }).
why-message-beside = It did not leave through here ({ $at }): { $source ->
    [manual] somebody typed it on the phone
    [automatic] the app sent it by itself
    [meta_agent] Meta’s own agent sent it
   *[other] another program sent it
}.
why-message-imported = It is known from the phone’s history alone and counts for nothing.
why-message-edited = It was changed { $at }.
why-message-revoked = It was deleted { $at }.
why-message-basis = It was allowed because { $basis ->
    [ad_entry] they came from an ad and wrote
    [manual_send] somebody had typed on the phone (an assumption)
    [sequence_start] a sequence had begun less than 72 hours ago (an assumption)
    [template] it is a template, which needs no window
   *[customer_message] they had written less than 24 hours before
}.
why-message-cancelled = It was called back before it left.
why-message-failed = It was given up{ $meta ->
    [none] .
   *[other] { " " }(Meta’s code { $meta }).
}
why-message-held = It was not sent and became a card.
why-message-charged = Meta’s word on its price: { $category } ({ $type }).
why-message-accepted = Meta took it { $at }.
why-message-sent = WhatsApp sent it { $at }.
why-message-delivered = It arrived { $at }.
why-message-read = It was read { $at }.
why-message-played = It was listened to { $at }.
why-message-held-by-meta = Meta looks at its quality first; then it is sent, or fails.
why-message-after = It stands behind message { $message }, so that their order is kept.
why-message-on-its-way = It has not arrived yet (since { $since }): { $long ->
    [yes] the phone is off, has no network, or blocks us
   *[no] the phone may be off or without network
}.
why-because-order = An earlier part did not leave.
why-because-arrived-after-all = The one it stood in for had arrived.
why-because-called-back = Its step was called back.
why-because-merged = Two contacts became one.
why-because-replaced = A newer one took its place.
why-because-unknown = Meta never said whether it left.
why-because-portfolio-limit = Meta’s limit of people a day is reached.
why-because-window-closed = The window was closed.
why-because-customer-replied = They replied.
why-because-agent = The team stopped it.
why-because-tag = They got a tag.
why-because-archived = The sequence was archived.
why-because-opted-out = They asked to receive nothing more.
why-because-blocked = A block was taken as certain.
why-because-confirmed-block = A block was taken as certain.
why-because-account-removed = The number was given up.
why-because-unknown-outcome = It is not known whether it left.
why-because-rejected-by-meta = Meta rejected it.
why-because-template-missing = The template is missing.
why-because-template-unusable = The template may not be sent now.
why-because-template-mismatch = The values do not fit the template.
why-because-budget = It goes beyond the month’s budget: it leaves if somebody approves it.
why-because-template-marketing = The template became marketing, which they stopped.
why-because-template-price = Its price changed.
why-because-template-barred = Meta lets no templates leave from this number for now.

## Status

status-fine = 🟢 <b>All working</b>
status-trouble = 🔴 <b>There is trouble</b> · { $held ->
    [one] 1 number stopped
   *[other] { $held } numbers stopped
} · { $dead } notices not understood
status-webhooks = 📨 Notices from WhatsApp: { $waiting } to process · { $dead } not understood
status-new-kinds = 🆕 { $count ->
    [one] 1 new kind of webhook
   *[other] { $count } new kinds of webhook
}: { $kinds } · { $ago }. It is kept; there may be a new version.
status-outbox = 📤 Outgoing: { $waiting } waiting · { $unknown } without an answer
status-pending = 📮 Manual queue: { $count }
status-contacts = 👥 Contacts: { $count } · open windows: { $windows }
status-blocks = 🚫 Blocks: { $probable } probable · { $confirmed } confirmed
status-files = 📎 Files: { $waiting } to be fetched · { $lost } that did not come in 7 days
status-held-why = { $reason ->
    [token] invalid token
    [permission] the token lacks permissions
    [payment] payment trouble
    [spam] Meta restricted it after blocks and reports
    [health] Meta has it blocked
    [policy] Meta sees a breach of its rules
    [locked] Meta locked the account
    [registration] the number is not registered
    [configuration] Meta does not know the number
    [banned] Meta suspended it
    [restricted] Meta restricted it
    [account_deleted] the account was deleted
    [offboarded] the account was disconnected
    [disconnected] Meta disconnected it
   *[other] { $reason }
}
status-account = { $icon } <b>{ $account }</b> · { $waiting } waiting{ $state ->
    [held] {" "}· stopped: { $reason }
    [paused] {" "}· paused
    [removed] {" "}· removed
   *[active] {""}
}
status-slowed = ⏱ { $rate } of { $allowed } messages a second, slowed by Meta; normal at { $until }
status-usage = ⏱ { $rate } of { $allowed } messages a second: { $used } % of the calls that Meta allows are used up
status-rests = ⏸ rests until { $until } · { $reason ->
    [number-in-maintenance] number in maintenance
    [account-limit] too many calls of the account
   *[other] too many calls of the app
}
status-reach = 👥 { $used } of { $most } people outside their window in 24 h
status-import = 📥 { $account }: { $state ->
    [asked] history asked for
    [running] importing { $percent }%
    [done] history imported
    [declined] history not shared
   *[idle] history not asked for
}
import-title = 📥 <b>History of { $account }</b>
import-state = { $state ->
    [asked] Asked of WhatsApp; nothing has come yet.
    [running] Importing { $count } days. Nobody is notified of old messages.
    [done] ✅ { $count } days imported.
    [declined] 🚫 The owner of the phone declined to share the history.
   *[idle] Not asked for yet.
}
import-bar = { $bar } { $percent }%{ $phase ->
    [first] {" "}· the last day
    [second] {" "}· days 1 to 90
    [third] {" "}· days 90 to 180
   *[unknown] {""}
}
import-haul = { $conversations ->
    [one] 1 conversation
   *[other] { $conversations } conversations
} · { $messages ->
    [one] 1 message
   *[other] { $messages } messages
} · { $files ->
    [one] 1 file
   *[other] { $files } files
}
import-awaited = ⏳ To come: { $messages } messages to keep · { $files } files to fetch
status-jobs = Jobs
status-at = <i>Updated { $time }</i>

## Backups

backups-title = 🗄 <b>Backups</b>
backups-none = There is none yet.
backups-last = Last good one: { $ago }
backups-none-proven = ⚠️ None is proven.
backups-line = { $at } · { $size } MB · { $proven ->
    [yes] ✓ proven
   *[no] ⚠️ not proven
} · { $reason }{ $scope ->
    [configuration] {" "}· configuration only
   *[everything] {""}
}
backups-what = Encrypted, and never sent through Telegram. To restore, on the server: <code>centralita backup restore</code>.

## Numbers

accounts-title = 📱 <b>Numbers</b>
accounts-none = There are none yet. On the server: centralita accounts add
accounts-line = { $icon } <b>{ $account }</b> · { $state ->
    [held] stopped
    [paused] paused
    [removed] given up
   *[active] sends
} · { $waiting } waiting
account-title = { $icon } <b>{ $account }</b> · { $phone }
account-active = It sends as usual.
account-paused = ⏸ It is paused: nothing leaves until somebody resumes it.
account-paused-why = ⏸ It is paused: { $why }
account-held = 🔴 It is stopped: { $reason ->
    [token] Meta does not accept the token. With a new one it goes on by itself.
    [permission] the token lacks permissions. With a new one it goes on by itself.
    [payment] there is payment trouble with Meta. Once that is solved, it must be resumed.
    [policy] Meta blocked it over its policies. Once that is solved with Meta, it must be resumed.
    [locked] Meta locked the account. Once that is solved with Meta, it must be resumed.
    [registration] the number is not registered or has no approved name. Then it must be resumed.
    [configuration] Meta does not know the number: check its id.
    [account_deleted] the account was deleted at Meta.
    [offboarded] the phone was disconnected. It goes on by itself when it is back.
    [disconnected] the app’s access was taken away. It must be connected again at Meta.
    [banned] Meta suspended the account. It goes on by itself if Meta reinstates it.
    [health] Meta has it blocked. Meta is asked every hour; it goes on by itself once allowed.
    [restricted] Meta restricted it for a time.
    [spam] Meta restricted it after blocks and reports.
   *[other] { $reason }.
}
account-barred = ⛔ { $bar ->
    [utility] Meta takes no utility templates from this number
   *[templates] Meta takes no templates from this number
}{ $until ->
    [none] {""}
   *[other] {" "}until { $until }
}; answers leave as always.
account-held-until = It goes on by itself { $when }.
account-quality = { $quality ->
    [GREEN] high
    [YELLOW] medium
    [RED] low
   *[other] unknown
} quality
account-pace = pace: up to { $rate } a second
account-queue = waiting to leave: { $waiting }
account-in-app = it is in the phone’s app too
account-token-until = 🔑 token until { $when }
account-token-endless = 🔑 token without a known end
account-token-none = 🔑 no token
account-assumes = The window is taken for open (Meta does not promise it):
pause-ask = ⏸ Why is <b>{ $account }</b> paused? Write the reason: from that moment nothing leaves, and everything waits.
pause-placeholder = Reason for the pause
resume-title = ▶️ <b>Resume { $account }</b>
resume-means = What waits leaves at once: { $waiting } in the queue.
checkup-title = 🧪 <b>{ $account }</b>
checkup-well = Everything is in order.
checkup-amiss = Something is to be mended.
token-form-title = 🔑 <b>New token for { $account }</b>
token-form-what = Tokens are never typed in the chat. The form is good for 15 minutes, once and only for you. The token is tested before it is kept; the current one works until then.
token-form-impossible = Tokens are never typed in the chat, and there is no https address where they could be (server.public_url). On the server, with the token in the variable NEW_TOKEN:
token-leaked = 🔥 <b>That was a token.</b> { $deleted ->
    [yes] I deleted the message.
   *[other] I could not delete the message: please do it.
}
token-leaked-what = It was sent to nobody. Count it as leaked: revoke it at Meta and put another in place from the number, with the button New token.
token-replaced = 🔑 <b>{ $account }</b> has a new token, put in place by { $by }. What waited for it leaves now.
finding-token-valid = Token valid until { $until }
finding-token-endless = Token valid, without an end
finding-token-missing = There is no token: put a new one in place.
finding-token-passing = The token is a person’s and ends within hours: make one for a system user in Meta’s business settings.
finding-token-ending = The token ends { $until }: put a new one in place before.
finding-token-refused = Meta does not accept the token ({ $problem }): make a new one for the system user.
finding-token-foreign = The token is of another app and not of { $app }: make it with our app, or change whatsapp.app_id.
finding-token-not-for-account = The token does not reach the account { $waba }: assign that account to the system user and make a new token.
finding-app-unknown = The Meta app is not configured: fill in whatsapp.app_id and whatsapp.app_secrets.
finding-scopes-granted = The token may send and manage
finding-scopes-missing = The token lacks { $scopes }: make a new one with these permissions.
finding-business-read = Account { $business }, of { $portfolio }
finding-portfolio-unknown = Account { $business }: Meta does not say whose it is; give the system user access to the business.
finding-number-elsewhere = The number { $number } is not in the account { $waba }: check both ids.
finding-number-read = { $phone } · { $name }
finding-number-not-connected = The number is { $status }: register it in WhatsApp Manager.
finding-name-not-approved = The display name is { $status }: ask for its approval in WhatsApp Manager.
finding-quality-low = Quality { $quality }: people block or report it; better send less.
finding-sending-limited = Meta lets it send { $state } only: look at the account’s quality in WhatsApp Manager.
finding-not-on-cloud = The number is on { $platform }: it must be moved to the Cloud API.
finding-in-phone-app = It is in the phone’s app too: up to 20 messages a second
finding-subscribed = Our app receives the account’s webhooks
finding-not-subscribed = Our app does not receive the account’s webhooks: subscribe it (centralita accounts subscribe).
finding-webhook-ours = Webhooks come to this address
finding-webhook-unset = Meta has no address for webhooks: put { $url } in the app’s dashboard.
finding-webhook-elsewhere = Webhooks go to { $host }: put { $url } in the app’s dashboard.
finding-public-url-missing = Nobody knows where webhooks should go: fill in server.public_url.
finding-no-answer = Meta did not answer about { $about ->
    [token] the token
    [business] the account
    [members] the account’s numbers
    [number] the number
   *[apps] the subscription
} ({ $problem }): try again in a moment.
finding-not-readable = Meta does not show { $about ->
    [token] the token
    [business] the account
    [members] the account’s numbers
    [number] the number
   *[apps] the subscription
} ({ $problem }): check the id and the system user’s access.

## Token form (a page)

form-title = Token for { $account }
form-what = Paste the new token of Meta. It is tested before it is kept; the current one works until then.
form-label = Token
form-send = Test and keep
form-until = This link is only for you, good once and until { $time }.
form-bad = That does not look like a token: copy all of it, without spaces.
form-refused = This token is no good. The one before stays in place.
form-tries = { $count ->
    [one] One try is left.
   *[other] { $count } tries are left.
}
form-failed = It could not be tested now and nothing was kept. Try again in a moment.
form-done = Done: { $account } has a new token.
form-done-what = What waited for it leaves now. You can close this page.
form-gone = This link is no longer good
form-gone-what = It was used, has ended or does not exist. Ask for another in Telegram.
form-busy = Too many visits: wait a moment.

## Language, help, the rest

language-title = 🌐 <b>Language</b>
language-what = Which language shall I speak?
help-title = ❓ <b>Help</b>
help-what = Almost everything is buttons; commands are shortcuts.
help-reply = <b>Reply</b> reply (swipe) to the customer’s message.
help-queue = <b>Queue</b> /queue · what may not leave by itself.
help-find = <b>Find</b> <code>/c juan</code> · card, sequences and messages.
help-window = <b>Window closed</b> your text is kept and you choose: template or by hand.
help-blocks = <b>Blocks</b> /blocks · suspicions and reactivation.
help-alerts = <b>Alerts</b> /alerts · what needs a person.
help-why = <b>Why?</b> /why answering a message or a card, or with a name or code.
help-rest = Also: /menu /sequences /status /language /cancel
command-unknown = I do not know { $command }.
command-nearest = Did you mean { $nearest }?
command-help = /help says what you can do.
command-start = Start
command-menu = Home
command-queue = Manual queue
command-contact = Find a contact
command-sequences = Sequences
command-templates = WhatsApp templates
command-blocks = Blocks
command-alerts = Alerts
command-accounts = Numbers
command-costs = Costs
command-why = Why it is so (CODE, or answering a message)
command-backups = Backups
command-status = Status
command-language = Language
command-help-about = Help
private-only = 🔒 I do not work here: write to me in private.

## Toasts

toast-working = ⏳ Working on it
toast-sent = ✅ On its way · { $price }
toast-sent-template = ✅ On its way
toast-by-hand = 📱 Noted: sent by hand
toast-discarded = 🗑 Discarded
toast-enrolled = 👥 Enrolled
toast-paused = ⏸ Paused
toast-backup-made = 🗄 Made and proven
toast-backup-proven = 🔍 Proven: it is equal
toast-resumed = ▶️ Goes on
toast-resumed-unasked = ▶️ Goes on, though Meta did not answer whether it may
toast-taken = 🙋 Yours now
toast-given-back = 👋 Everybody’s now
toast-merged = 🔗 Merged
toast-unmerged = ✂️ Parted
toast-acknowledged = 👀 Noted
toast-believed = ↩️ Assumed again
toast-subscribed = 📨 Subscribed
toast-noted = ✅ Noted
toast-language = 🌐 English
toast-ignored = ✖️ Ignored
toast-done-before = ✅ That is done already
toast-old-button = ♻️ This button is from before. Open /menu.
toast-message-gone = The original message is gone. Nothing was sent.
toast-queue-empty = 📮 Queue empty 🎉
dialog-ended = ✖️ Cancelled.
dialog-none = There was nothing to cancel.

## Refusals and errors

error-not-permitted = ⛔ Your role cannot do this. Ask an administrator.
error-contact-not-found = I cannot find that contact.
error-contact-changed = That contact has just changed. Try again.
error-message-not-found = That message is no longer in your reach.
error-subject-not-found = Nothing has this id or code.
error-contact-unaddressed = Meta has given us neither their phone nor their id for this number. Not sent.
error-merge-not-found = That merge no longer exists.
error-merge-undone = That merge was undone already.
error-merge-not-last = That contact was merged into another one since. Undo that first.
error-merge-same = It is the same contact.
error-merge-not-yours = Somebody else looks after one of their conversations. Ask an administrator to merge them.
error-erase-word = That was not the word. Nothing was erased.
error-erase-leaving = A message to that person is leaving at this moment. Nothing was erased: try again in a minute.
error-tag-invalid = A tag has between 1 and { $most } characters.
error-tags-too-many = It has { $most } tags already: take one away first.
error-tag-not-found = It does not have that tag any more.
error-field-invalid = “{ $field }” cannot be the name of a field: letters without accents, digits and _; “name” is the person’s name.
error-field-too-long = “{ $field }” is too long: up to { $most } characters.
error-fields-too-many = It has { $most } fields already: clear one first.
error-note-invalid = A note has between 1 and { $most } characters.
error-notes-too-many = It has { $most } notes already.
error-pending-not-found = That item is no longer in your queue.
error-sequence-not-found = That sequence no longer exists.
error-enrollment-not-found = That enrolment no longer exists.
error-conversation-not-found = That conversation is no longer in your reach.
error-not-in-coexistence = That number is not paired with the WhatsApp Business app of a phone.
error-account-not-found = That number no longer exists.
error-agent-not-found = That person is no longer on the team.
error-template-not-found = That template no longer exists. Choose another.
error-templates-barred = ⛔ Meta takes no such templates from { $account } for the time being. Not sent; answers inside the window leave as always.
error-template-not-usable = ⏸ That template cannot be used now. Choose another.
error-alert-not-found = That alert is no longer open.
error-already-resolved = 🔒 { $by } resolved it already.
error-already-resolved-alone = 🔒 It is resolved already.
error-stale = ♻️ This changed while you were looking. It is up to date now.
error-window-closed = ⚫ The window closed. Not sent: choose a template or by hand.
error-reaction-window-closed = ⚫ The window has closed: the reaction was not sent.
error-opted-out = 🚫 They asked to receive no messages. Not sent.
error-blocked = 🟥 Confirmed block: cannot send.
error-marketing-stopped = 🔕 They want no marketing messages. Not sent.
error-marketing-us = Meta delivers no marketing to numbers of the United States. Not sent.
error-already-enrolled = Already in that sequence.
error-price-moved = 💱 The price is now { $price }. Not sent: check and confirm again.
error-confirmation-expired = ⌛ This confirmation is no longer good (90 seconds, once).
error-text-too-long = The text is too long: { $length } of { $limit } characters. Not sent.
error-text-empty = There is no text to send.
error-content-empty = { $field ->
    [body] The text is missing
    [buttons] The buttons are missing
    [button] Button { $place } has no title
    [label] The button has no title
    [rows] The list has no options
    [row] Option { $place } has no title
    [section] Section { $place } has no title
    [contacts] The contact is missing
    [name] The name is missing
   *[other] Something is missing ({ $field })
}. Not sent.
error-content-too-long = { $field ->
    [body] The text is too long
    [button] The title of button { $place } is too long
    [label] The button’s title is too long
    [row] The title of option { $place } is too long
    [description] The description of option { $place } is too long
    [section] The title of section { $place } is too long
    [header] The header is too long
    [footer] The footer is too long
    [url] The address is too long
    [name] The name is too long
   *[other] Something is too long ({ $field })
}: { $length } of { $limit } characters. Not sent.
error-content-too-many = { $field ->
    [buttons] Too many buttons
    [sections] Too many sections
    [rows] Too many options
    [contacts] Too many contacts
    [phones] The contact has too many phones
   *[other] Too many of something ({ $field })
}: { $count }, and WhatsApp takes { $limit }. Not sent.
error-content-twice = { $field ->
    [button] Button { $place } is named like another
   *[other] Something is there twice ({ $field }, { $place })
}. Not sent.
error-content-url = The address must begin with https:// and name a site. Not sent.
error-content-location = There are no such coordinates. Not sent.
error-content-phone = The contact’s phone is no phone number ({ $place }). Not sent.
error-content-emoji = WhatsApp takes one single emoji as a reaction. Not sent.
error-content-no-message = Only the customer’s messages of the last 30 days can be reacted to. Not sent.
error-account-paused = ⏸ { $account } is paused. Not sent.
error-account-held = 🔑 { $account } is stopped. Not sent; the administrators know.
error-sequence-not-active = ⏸ That sequence is not active.
error-sequence-of-another-account = This sequence belongs to another of our numbers.
error-several-accounts = They write to several of our numbers; name one: { $accounts }.
error-nothing-to-resume = There is nothing to resume.
error-nothing-to-pause = There is nothing to pause.
error-not-blocked = There is no block to lift.
error-code-invalid = That code is no good: used, expired or unknown.
error-assumption-unknown = That assumption no longer exists.
error-language-unknown = I do not speak that language.
error-storage-unavailable = 🛠 The database does not answer. Nothing was done; try again in a moment.
error-duplicate = That is done already: somebody was faster.
error-inconsistent = Something this depends on no longer exists. Nothing was done.
error-concurrent-change = Somebody else was changing it at the same time. Nothing was done; try again.
error-not-storable = That text has characters that cannot be kept. Nothing was done.
error-account-exists = That number has been added already.
error-account-blocked = 🔴 Meta has it blocked: it stays held. The alert says why; it goes on by itself once Meta allows it.
error-account-not-usable = Something vital is missing. The number was not added.
error-account-removed = That number was given up. Not sent.
error-accounts-need-care = Some numbers need care.
error-business-shared = Other numbers use the same account ({ $accounts }): without its webhooks they would be deaf.
error-token-not-usable = The new token is no good. The old one stays.
error-agent-exists = That person is on the team already.
error-token-not-found = That number has no token.
error-token-missing = That number has no usable token.
error-token-invalid = Meta does not accept that number’s token. An administrator must put in a new one.
error-misconfigured = A setting is missing or wrong.
error-doctor-found-gaps = Something is still missing.
error-job-failed = The job failed.
error-keys-in-environment = The keys are in the environment: change them there.
error-audit-broken = The chain of the audit log is broken: something that was sealed has changed.
error-sequence-file-invalid = The sequence file is wrong at { $field }: { $problem }
error-unreadable-webhook = What arrived is no notice from WhatsApp.
error-unexpected = It did not work. If it was a send, do not take it as sent. Code { $reference }.

## Sends that Meta does not take

error-permission-missing = That number’s token may not do this. Give it the permission at Meta, or put in a new one.
error-number-gone = Meta no longer knows that number. Look for it in WhatsApp Manager; if it is gone for good, remove it here.
error-policy-violation = Meta blocked the account over its policies. See why in WhatsApp Manager and ask for a review.
error-account-locked = Meta locked the account. See why in WhatsApp Manager and ask for a review.
error-display-name-missing = The number has no approved name. Have one approved in WhatsApp Manager.
error-payment = There is payment trouble with Meta. Look at the payment method in WhatsApp Manager.
error-number-not-registered = The number is not registered with WhatsApp. Register it in WhatsApp Manager.
error-number-invalid = That number is written wrongly in the settings.
error-number-in-maintenance = The number is in maintenance; it is tried again.
error-app-limit = Meta asks us to wait: too many calls of the app. It goes on by itself.
error-app-unknown = The id and secret of the Meta app are missing.
error-account-limit = Meta asks us to wait: too many calls of the account. It goes on by itself.
error-rate-limit = The number sends too fast; it goes on more slowly.
error-spam-limit = Meta slowed the number: many people block or report it. It rests for hours; after that, send less, and only what people expect.
error-pair-limit = Too many messages in a row to this person; it leaves a little later.
error-lease-short = There was no time; it is tried again.
error-meta-unknown = Meta had unknown trouble. Send it again if you see that it did not arrive.
error-meta-unavailable = Meta is not available now. Send it again in a while if you see that it did not arrive.
error-graph-unreachable = There is no connection to Meta; it is tried again.
error-no-answer = Meta did not answer: it may have left.
error-unreadable-answer = Meta’s answer could not be understood.
error-unknown-error = Meta gave an error that I do not know. Do not repeat it as it is: ask Meta what the code means.
error-blocked-by-us = This person is blocked in our WhatsApp. Unblock them there before you write.
error-experiment = Meta does not deliver to this person for an experiment of its own. Do not repeat it: answer when they write.
error-country-restricted = Meta does not allow writing to that country. Reach them in another way.
error-recipient-not-allowed = This person is not on Meta’s test list. Add them to the list at Meta, or write from a number that is not for tests.
error-recipient-is-sender = The number cannot write to itself. Choose somebody else.
error-identity-changed = The person changed phones. Make sure that it is still them before you send it again.
error-marketing-capped = Meta limits marketing to this person for now. Wait some days, or answer when they write.
error-marketing-only = Only marketing leaves this way. Choose a marketing template.
error-marketing-api-only = That template only leaves through the marketing API. Allow marketing on Cloud API in WhatsApp Manager, or choose another.
error-undeliverable = WhatsApp could not deliver it to that person. Perhaps they do not have WhatsApp, or must update it: reach them in another way.
error-phone-required = That person’s phone number is needed. Ask them for it.
error-template-invalid = The template’s name or language is wrong.
error-template-missing = That template does not exist in that language. Choose another, or make it in WhatsApp Manager.
error-template-parameters = The values do not fit the template. Correct them and send it again.
error-template-parameter-empty = A value of the template is missing.
error-template-parameter-too-long = A value of the template is too long.
error-template-text-too-long = The template’s text becomes too long. Shorten its values.
error-template-policy = The template breaks Meta’s policies. Choose another, or correct it in WhatsApp Manager.
error-template-paused = Meta paused that template. Choose another, or wait until it is back.
error-template-disabled = Meta disabled that template. It does not come back: choose another.
error-template-limit = Meta stopped templates because some have the wrong category. Correct the categories in WhatsApp Manager.
error-template-syncing = Meta is synchronising that template. It is tried again in a few minutes.
error-template-unavailable = That template is not available now. It is tried again; if that does not help, choose another.
error-template-place-unreadable = That is no place: send a location, or “latitude, longitude”.
error-template-file-missing = This template has a file above it: send it as a photo, video or document.
error-template-without-values = This template has no values to change.
error-dialog-over = That was left unfinished a while ago. Choose the template again.
error-template-header-kind = That file cannot stand above the template.
error-flow-blocked = The template’s form is blocked. Choose another, or mend the form in WhatsApp Manager.
error-flow-limit = The template’s form is slowed down. It is tried again in an hour.
error-flow-invalid = The form is not usable. Mend it in WhatsApp Manager.
error-invalid-parameter = Meta does not accept the message as it is. Change it before you send it again.
error-invalid-cursor = Meta does not know the page asked for. Ask for the list again.
error-unsupported-type = Meta does not accept that kind of message. Send it in another way.
error-file-empty = The file is empty. Not sent.
error-file-unreadable = The file is damaged, or not what it says it is. Not sent.
error-file-too-complex = The file takes too much (pixels, frames, memory or time). Not sent; try a smaller one.
error-file-too-long = It is too long to fit into what WhatsApp takes. Not sent; send it in parts.
error-file-type = WhatsApp does not take files of this type ({ $type }). Not sent.
error-file-too-large = The file is too large: WhatsApp takes up to { $limit }. Not sent.
error-file-too-large-for-telegram = The file is too large: Telegram hands bots up to 20 MB. Not sent.
error-file-not-fetched = Telegram did not hand the file over. Not sent; send it again.
error-file-gone = The file is not kept any more. Send it again.
error-caption-impossible = WhatsApp shows no text with audio, voice notes or stickers. Not sent; send the text by itself.
error-caption-too-long = The file’s text is too long: { $length } of { $limit } characters. Not sent; send the text by itself.
error-upload-failed = The file has not reached Meta yet; it is tried again.
error-media-not-found = There is no such file.
error-media-not-kept = The file is not here: it has not come, was refused, or was deleted after its time.
error-media-too-old = The file is older than seven days: Meta has it no more.
error-media-unavailable = The file could not be fetched. Ask for it to be sent again.
error-media-refused = Meta does not accept that file. Save it as JPG, MP4 or PDF and send it again.
error-media-gone = Meta no longer has that file.
error-media-too-large = The file is too large.
error-media-foreign-host = Meta gave an address that is not its own.
error-media-redirected = Meta pointed to another place.
error-media-store-unavailable = The file store does not answer.
error-message-unavailable = That message is no longer in WhatsApp. Look for it on the phone.
error-payments-terms = WhatsApp’s payment terms are not accepted yet. Accept them in WhatsApp Manager.
error-already-verified = The number was verified already. There is nothing to do.
error-groups = WhatsApp groups do not work from here. Use the phone.
error-calling = WhatsApp calls do not work from here. Use the phone.
error-block-list = Meta did not accept the change to the block list. Only somebody who wrote in the last 24 hours can be blocked.
error-management-refused = Meta did not take the change of a template or number. Make it in WhatsApp Manager.
error-usernames = Meta did not accept the username. Choose another in WhatsApp Manager.
error-backup-broken = The backup is damaged.
error-backup-key = That backup was encrypted with another key.
error-backup-not-found = There is no such backup.
error-backup-schema = The backup is of another version of the program: restore it with that one and update afterwards.
error-backup-store-unavailable = The store of backups does not answer.
error-restore-not-empty = The database is not empty.
error-restore-served = Another process uses the database: stop it first.
error-sync-asked-before = Meta has handed that over once already; to repeat it, disconnect the number and connect it again.
error-sync-too-late = More than 24 hours have passed since the number was connected; disconnect it and connect it again.
error-sync-declined = The owner of the phone declined to share the history. To have it, disconnect the number, connect it again and agree.
error-recipient-invalid = There is no number to write to.
error-context-invalid = The quoted message cannot be quoted.
error-content-unreadable = Another version of the program wrote this message.
error-opaque-invalid = The message lacks its mark; it was not sent.
