### O que se confere numa história, quando ela não o diz com as suas palavras.

see-customer-sees = { $customer ->
    [all] Em todos os telefones
   *[other] No telefone de { $customer }
} { $times ->
    [none] está
    [1] está, uma única vez,
   *[other] está { $times } vezes
} «{ $text }»{ $tick ->
    [none] {""}
    [delivered] {", "}entregue
    [read] {", "}lido
   *[other] {", "}{ $tick }
}
see-customer-sees-nothing = { $customer ->
    [all] A nenhum telefone
   *[other] Ao telefone de { $customer } não
} chegou { $text ->
    [none] nada
   *[other] «{ $text }»
}
see-customer-sees-only = { $customer ->
    [all] Cada telefone
   *[other] O telefone de { $customer }
} tem isto e mais nada: { $texts }
see-customer-sees-nothing-twice = { $customer ->
    [all] Nenhum telefone recebeu
   *[other] O telefone de { $customer } não recebeu
} duas vezes o mesmo
see-ticks = «{ $message }» para { $customer }: { $tick ->
    [accepted] a caminho
    [sent] enviado, sem entregar
    [delivered] entregue
    [read] lido
    [failed] falhou
   *[other] { $tick }
}
see-agent-sees = { $agent } lê no Telegram: { $text }{ $button ->
    [none] {""}
   *[other] {" "}· botão { $button }
}{ $reaction ->
    [none] {""}
   *[other] {" "}· { $reaction }
}{ $times ->
    [none] {""}
   *[other] {" "}· { $times }×
}
see-agent-has-no = { $agent } não tem no Telegram: { $text }{ $button ->
    [none] {""}
   *[other] {" "}· botão { $button }
}
see-agent-toast = Ao tocar, { $agent } lê: { $text }
see-agent-heard-all = { $agent } recebeu cada mensagem de { $customer ->
    [all] todos os clientes
   *[other] { $customer }
}, uma única vez cada
see-sent = A Meta { $count ->
    [none] aceitou ao menos uma mensagem
    [0] não aceitou nenhuma mensagem
    [1] aceitou uma mensagem
   *[other] aceitou { $count } mensagens
}{ $customer ->
    [all] {""}
   *[other] {" "}para { $customer }
}{ $template ->
    [none] {""}
   *[other] {" "}· modelo { $template }
}{ $category ->
    [none] {""}
    [utility] {" "}· utilidade
    [service] {" "}· texto livre
   *[other] {" "}· { $category }
}{ $charged ->
    [true] {" "}· cobrada
    [false] {" "}· sem custo
   *[other] {""}
}
see-refused = A Meta { $count ->
    [0] não recusou nada
    [1] recusou um envio
   *[other] recusou { $count } envios
}{ $code ->
    [none] {""}
   *[other] {" "}({ $code })
}
see-program = O programa { $state ->
    [running] funciona
    [killed] está morto
   *[other] está arrancando
}
score-accepted = { $count } aceitas pela Meta
score-doubled = { $count } repetidas
score-shown = { $count } nos telefones
score-webhooks-posted = { $count } avisos entregues
score-webhooks-waiting = { $count } avisos por entregar
score-webhooks-given-up = { $count } avisos perdidos
score-dead = { $count } avisos não entendidos
score-pending = { $count } na fila
score-alerts = { $count } alertas abertos
