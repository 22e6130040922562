### What is checked in a story, where it does not say so in its own words.

see-customer-sees = { $customer ->
    [all] On every phone
   *[other] On { $customer }'s phone
} there is { $times ->
    [none] {""}
    [1] exactly once
   *[other] { $times } times
} “{ $text }”{ $tick ->
    [none] {""}
    [delivered] {", "}delivered
    [read] {", "}read
   *[other] {", "}{ $tick }
}
see-customer-sees-nothing = { $customer ->
    [all] No phone
   *[other] { $customer }'s phone never
} got { $text ->
    [none] anything
   *[other] “{ $text }”
}
see-customer-sees-only = { $customer ->
    [all] Every phone
   *[other] { $customer }'s phone
} has this and nothing else: { $texts }
see-customer-sees-nothing-twice = { $customer ->
    [all] No phone got
   *[other] { $customer }'s phone did not get
} the same twice
see-ticks = “{ $message }” to { $customer }: { $tick ->
    [accepted] on its way
    [sent] sent, not delivered
    [delivered] delivered
    [read] read
    [failed] failed
   *[other] { $tick }
}
see-agent-sees = { $agent } reads in Telegram: { $text }{ $button ->
    [none] {""}
   *[other] {" "}· button { $button }
}{ $reaction ->
    [none] {""}
   *[other] {" "}· { $reaction }
}{ $times ->
    [none] {""}
   *[other] {" "}· { $times }×
}
see-agent-has-no = { $agent } does not have in Telegram: { $text }{ $button ->
    [none] {""}
   *[other] {" "}· button { $button }
}
see-agent-toast = On pressing, { $agent } reads: { $text }
see-agent-heard-all = { $agent } was told of every message of { $customer ->
    [all] the customers
   *[other] { $customer }
}, each exactly once
see-sent = Meta accepted { $count ->
    [none] at least one message
    [0] no message
    [1] one message
   *[other] { $count } messages
}{ $customer ->
    [all] {""}
   *[other] {" "}to { $customer }
}{ $template ->
    [none] {""}
   *[other] {" "}· template { $template }
}{ $category ->
    [none] {""}
    [utility] {" "}· utility
    [service] {" "}· free-form text
   *[other] {" "}· { $category }
}{ $charged ->
    [true] {" "}· charged
    [false] {" "}· free
   *[other] {""}
}
see-refused = Meta refused { $count ->
    [0] nothing
    [1] one send
   *[other] { $count } sends
}{ $code ->
    [none] {""}
   *[other] {" "}({ $code })
}
see-program = The program { $state ->
    [running] is running
    [killed] is dead
   *[other] is starting
}
score-accepted = { $count } accepted by Meta
score-doubled = { $count } doubled
score-shown = { $count } on phones
score-webhooks-posted = { $count } webhooks delivered
score-webhooks-waiting = { $count } webhooks to deliver
score-webhooks-given-up = { $count } webhooks lost
score-dead = { $count } webhooks not understood
score-pending = { $count } in the queue
score-alerts = { $count } open alerts
