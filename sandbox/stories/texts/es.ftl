### Lo que se comprueba en una historia, cuando ella no lo dice con sus palabras.

see-customer-sees = { $customer ->
    [all] En todos los teléfonos
   *[other] En el teléfono de { $customer }
} { $times ->
    [none] está
    [1] está, una sola vez,
   *[other] está { $times } veces
} «{ $text }»{ $tick ->
    [none] {""}
    [delivered] {", "}entregado
    [read] {", "}leído
   *[other] {", "}{ $tick }
}
see-customer-sees-nothing = { $customer ->
    [all] A ningún teléfono
   *[other] Al teléfono de { $customer } no
} llegó { $text ->
    [none] nada
   *[other] «{ $text }»
}
see-customer-sees-only = { $customer ->
    [all] Cada teléfono
   *[other] El teléfono de { $customer }
} tiene esto y nada más: { $texts }
see-customer-sees-nothing-twice = { $customer ->
    [all] Ningún teléfono recibió
   *[other] El teléfono de { $customer } no recibió
} dos veces lo mismo
see-ticks = «{ $message }» para { $customer }: { $tick ->
    [accepted] en camino
    [sent] enviado, sin entregar
    [delivered] entregado
    [read] leído
    [failed] falló
   *[other] { $tick }
}
see-agent-sees = { $agent } lee en Telegram: { $text }{ $button ->
    [none] {""}
   *[other] {" "}· botón { $button }
}{ $reaction ->
    [none] {""}
   *[other] {" "}· { $reaction }
}{ $times ->
    [none] {""}
   *[other] {" "}· { $times }×
}
see-agent-has-no = { $agent } no tiene en Telegram: { $text }{ $button ->
    [none] {""}
   *[other] {" "}· botón { $button }
}
see-agent-toast = Al pulsar, { $agent } lee: { $text }
see-agent-heard-all = { $agent } recibió cada mensaje de { $customer ->
    [all] los clientes
   *[other] { $customer }
}, todos una sola vez
see-sent = Meta { $count ->
    [none] aceptó al menos un mensaje
    [0] no aceptó ningún mensaje
    [1] aceptó un mensaje
   *[other] aceptó { $count } mensajes
}{ $customer ->
    [all] {""}
   *[other] {" "}para { $customer }
}{ $template ->
    [none] {""}
   *[other] {" "}· plantilla { $template }
}{ $category ->
    [none] {""}
    [utility] {" "}· utilidad
    [service] {" "}· texto libre
   *[other] {" "}· { $category }
}{ $charged ->
    [true] {" "}· cobrado
    [false] {" "}· sin costo
   *[other] {""}
}
see-refused = Meta { $count ->
    [0] no rechazó nada
    [1] rechazó un envío
   *[other] rechazó { $count } envíos
}{ $code ->
    [none] {""}
   *[other] {" "}({ $code })
}
see-program = El programa { $state ->
    [running] funciona
    [killed] está muerto
   *[other] está arrancando
}
score-accepted = { $count } aceptados por Meta
score-doubled = { $count } repetidos
score-shown = { $count } en los teléfonos
score-webhooks-posted = { $count } avisos entregados
score-webhooks-waiting = { $count } avisos por entregar
score-webhooks-given-up = { $count } avisos perdidos
score-dead = { $count } avisos sin entender
score-pending = { $count } en la cola
score-alerts = { $count } alertas abiertas
