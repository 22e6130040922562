### Português do Brasil. fila = pending manual queue, janela = janela de 24 h.

## Tempo e dinheiro

time-now = agora
time-today = hoje { $time }
time-tomorrow = amanhã { $time }
time-yesterday = ontem { $time }
price-unknown = sem tarifa carregada
price-free = sem custo
price-free-entry = sem custo (72 h por anúncio)
price-unless-free = { $price }, a menos que entre nas { $free } mensagens grátis por mês da Meta
category-name = { $category ->
    [marketing] marketing
    [utility] utilidade
    [authentication] autenticação
    [service] serviço
   *[other] { $word }
}
template-reason = { $reason ->
    [ABUSIVE_CONTENT] conteúdo abusivo
    [INCORRECT_CATEGORY] a categoria não corresponde
    [TAG_CONTENT_MISMATCH] o idioma ou a categoria não correspondem ao conteúdo
    [INVALID_FORMAT] formato inválido
    [SCAM] parece golpe
    [PROMOTIONAL] é promocional
    [FIRST_PAUSE] primeira pausa por qualidade
    [SECOND_PAUSE] segunda pausa por qualidade
    [RATE_LIMITING_PAUSE] pausa pelo ritmo de envio
    [none] sem motivo conhecido
   *[other] { $word }
}

## Botões (larguras: 36 sozinho, 20 em dois, 13 em três, 10 em quatro)

button-menu = ‹ Menu
button-back = ‹ Voltar
button-cancel = Cancelar
button-first = ⏮ Início
button-backups = 🗄 Backups
button-backup-now = 🗄 Fazer backup agora
button-backup-prove = 🔍 Comprovar o mais novo
button-more = Mais ›
button-next = ▶️ Próximo
button-start = ▶️ Começar
button-queue = { $count ->
    [0] 📮 Fila
   *[other] 📮 Fila { $count }
}
button-alerts = { $count ->
    [0] 🔔 Alertas
   *[other] 🔔 Alertas { $count }
}
button-find = 🔎 Buscar contato
button-find-again = 🔎 Buscar de novo
button-sequences = 🔁 Sequências
button-blocks = 🚫 Bloqueios
button-costs = 💵 Custos
button-forecast = 🔮 Próximos dias
button-days = { $days } dias
button-today = Hoje
button-week = 7 dias
button-month = Mês
button-by-category = Por tipo
button-by-account = Por número
button-by-sequence = Por sequência
button-by-market = Por país
button-status = 📊 Estado
button-help = ❓ Ajuda
button-language = 🌐 Idioma
button-one-by-one = ▶️ Resolver um por um
button-send-now = ✅ Enviar agora
button-send-for = ✅ Enviar por { $price }
button-send-unpriced = ✅ Enviar sem saber o preço
button-template = 💳 Modelo
button-other-template = 📄 Outro
button-values = ✏️ Dados
button-keep-value = ✔️ Deixar assim
button-by-hand = 📱 À mão
button-discard = 🗑 Descartar
button-contact = 👤 Ficha
button-to-queue = ‹ Fila
button-to-sequences = ‹ Sequências
button-to-blocks = ‹ Bloqueios
button-see-pending = 📮 Ver cartão
button-copy-text = 📋 Copiar texto
button-copy-phone = 📋 Copiar telefone
button-open-whatsapp = ↗️ Abrir WhatsApp
button-sent-it = ✅ Já enviei
button-reply = ✍️ Responder
button-compose = 🔘 Botões
button-form-buttons = 🔘 Botões
button-form-list = 📋 Lista
button-form-link = 🔗 Link
button-form-phone = 📞 Pedir telefone
button-send-this = ✅ Enviar assim
button-start-over = ✏️ Começar de novo
button-enroll = 👥 Inscrever
button-pause = ⏸ Pausar
button-resume = ▶️ Retomar
button-take = 🙋 Assumir
button-give-back = 👋 Devolver
button-reactivate = ♻️ Reativar
button-reactivate-now = ♻️ Sim, reativar
button-merge = 🔗 Unir com { $contact }
button-merge-now = 🔗 Sim, unir
button-unmerge = ✂️ Desfazer a união
button-unmerge-now = ✂️ Sim, separar
button-why = ❓ Por quê
button-why-contact = ❓ Este contato
button-erase = 🗑 Esquecer esta pessoa
button-labels = 🏷 Ficha
button-tag = 🏷 Etiqueta
button-field = 📇 Dado
button-note = 📝 Nota
button-acknowledge = 👀 Eu cuido
button-all-alerts = 🔔 Ver todos
button-believe-again = ↩️ Voltar a supor
button-accounts = 📱 Números
button-to-accounts = ‹ Números
button-account = 📱 Ver o número
button-new-token = 🔑 Token novo
button-open-form = 🔐 Abrir o formulário
button-check = 🧪 Conferir na Meta
button-subscribe = 📨 Inscrever
button-resume-now = ▶️ Sim, retomar
button-assume-manual = { $on ->
    [yes] ✅
   *[other] ⬜
} Pelo telefone
button-assume-start = { $on ->
    [yes] ✅
   *[other] ⬜
} Início de plano
button-do-it = ▶️ Executar
button-ignore = ✖️ Ignorar

## Início

home-hello = 🏠 <b>Olá, { $name }</b>
home-calm = Tudo em dia ✨ Nada espera por você.
home-waiting = { $pending ->
    [0] Fila vazia
   *[other] <b>{ $pending }</b> na fila
} · { $alerts ->
    [0] sem alertas
    [one] 1 alerta
   *[other] { $alerts } alertas
}
home-numbers = Janelas abertas: { $windows } · Números: { $accounts }
welcome = 👋 <b>Boas-vindas, { $name }</b> · { $role ->
    [admin] administrador
    [agent] agente
   *[viewer] leitor
}
welcome-what = Aqui chegam as mensagens dos clientes, o que espera sua decisão e os alertas.

## Fila manual

queue-title = 📮 <b>Fila manual</b> · { $count }
queue-what = Envios que esperam uma pessoa. Nada sai daqui sozinho.
queue-empty-title = 📮 <b>Fila vazia</b> 🎉
queue-empty = Nenhum envio espera uma decisão.
queue-line = { $icon } <b>{ $code }</b> { $contact } · “{ $text }” · { $ago }
pending-title = 📮 <b>{ $code }</b> · <b>{ $contact }</b> · { $ago }
pending-where = { $phone } · via <b>{ $account }</b>
pending-from-agent = Origem: 💬 resposta de uma pessoa
pending-from-sequence = Origem: 🔁 { $sequence }, passo { $step } de { $steps }
pending-ready = 🟢 O texto já pode sair · { $price }
pending-unknown = ❓ <b>Talvez já tenha saído:</b> o WhatsApp não respondeu. Enviar de novo pode repetir.
pending-rejected = 🟥 A Meta não aceitou: é preciso uma pessoa.
pending-template = { $reason ->
    [template_missing] 📄 O modelo <b>{ $template }</b> não existe mais na Meta, ou não nesse idioma. Escolha outro.
    [template_unusable] ⏸ A Meta não deixa usar agora o modelo <b>{ $template }</b>. Espere ele voltar, ou escolha outro.
    [template_marketing] 🔕 O modelo <b>{ $template }</b> agora é de marketing, e esta pessoa não quer marketing.
    [template_barred] ⛔ A Meta não aceitava o modelo <b>{ $template }</b> deste número quando ia sair.
    [budget] 🎯 O modelo <b>{ $template }</b> passa do orçamento do mês. Só sai se você o aprovar por modelo.
    [template_price] 💱 O modelo <b>{ $template }</b> custaria mais do que o combinado.
   *[other] ✏️ Os dados não cabem no modelo <b>{ $template }</b> como está hoje. Escolha-o de novo e preencha.
}
pending-template-works = 🟢 O modelo <b>{ $template }</b> funciona de novo: pode sair por modelo.
pending-template-price = 💱 <b>Não foi enviado: custaria mais.</b> <b>{ $template }</b>, combinado: { $before } ({ $was }); agora: { $price } ({ $now }). Para aceitar, enviar por modelo.
pending-last = Última mensagem dele: { $ago } “{ $text }”
kept-title = ⚫ <b>Não foi enviado</b> · janela fechada com { $contact }
kept-what = Seu texto ficou guardado na fila:
resolved-title = { $state ->
    [released] ✅
    [by_hand] 📱
    [skipped] 🗑
   *[obsolete] ♻️
} <b>{ $code }</b> · <b>{ $contact }</b> · { $state ->
    [released] { $seen ->
        [person] enviado por { $by }
       *[program] enviado
    }
    [by_hand] { $seen ->
        [person] à mão, declarado por { $by }
       *[program] enviado pelo telefone
    }
    [skipped] { $seen ->
        [person] descartado por { $by }
       *[program] descartado
    }
   *[obsolete] não é mais preciso
} { $when }
by-hand-title = 📱 <b>Enviar à mão</b> · { $code } · { $contact }
by-hand-steps =
    1 Copiar o texto
    2 Abrir o WhatsApp com <b>{ $account }</b> no seu telefone
    3 Colar, enviar e voltar para marcar
by-hand-steps-elsewhere =
    1 Copiar o texto
    2 Abrir o WhatsApp no seu telefone. <b>{ $account }</b> não está no aplicativo: sairá do seu próprio número
    3 Colar, enviar e voltar para marcar
by-hand-above = O texto está na mensagem acima ⬆️
by-hand-file = 📎 O arquivo está na sua conversa com o bot: salve-o e anexe-o no WhatsApp.
templates-title = 📄 <b>Modelos para { $contact }</b>
templates-what = Preço por mensagem entregue, tarifa de { $card }.
templates-empty = Nenhum modelo aprovado serve aqui. Eles são pedidos no gerenciador do WhatsApp da Meta.
templates-line = { $number } <b>{ $name }</b> · { $category } · { $price } · { $icon } { $language } { $quality }
    <i>{ $text }</i>
templates-unusable = { $count ->
    [one] ⏸ Mais { $count } que a Meta não deixa usar agora: /modelos
   *[other] ⏸ Mais { $count } que a Meta não deixa usar agora: /modelos
}
template-ask-title = 📄 <b>{ $template }</b> para <b>{ $contact }</b> · dado { $number } de { $count }
template-ask = { $kind ->
    [file] Mande { $media ->
        [image] a imagem
        [video] o vídeo
       *[document] o documento
    } que fica no topo.
    [place] Mande a localização que fica no topo (ou “latitude, longitude”).
    [url] Escreva o final do link do botão “{ $name }”.
    [code] Escreva o código que o botão “{ $name }” copia.
    [header] Escreva o dado “{ $name }” do título.
   *[body] Escreva o dado “{ $name }”.
}
template-ask-now = Agora: <b>{ $value }</b>
template-list-title = { $count ->
    [0] 📄 <b>Modelos</b>
   *[other] 📄 <b>Modelos</b> · { $count }
}
template-list-empty = Ainda não há nenhum. São criados no gerenciador do WhatsApp da Meta e aparecem aqui sozinhos.
template-list-line = { $icon } <b>{ $name }</b> · { $language } · { $category } · { $state } { $quality }
template-title = { $icon } <b>{ $name }</b> · { $language } · { $category }
template-is = Estado: { $state }
template-state = { $state ->
    [approved] aprovado
    [paused] pausado pela Meta
    [pending] em análise
    [rejected] rejeitado
    [disabled] desativado
    [archived] arquivado
    [in_appeal] em recurso
    [limit_exceeded] limite de modelos atingido
    [deleted] apagado
    [refused] a Meta recusou o último envio; é lido de novo
   *[other] { $word }
}
template-why = Motivo: { $reason }
template-until = Pausado até: { $when }
template-quality = Qualidade: { $icon } { $quality ->
    [GREEN] alta
    [YELLOW] média
    [RED] baixa
   *[UNKNOWN] ainda sem dados
}
template-was = Antes era de { $category }.
template-becomes = A Meta passa para { $category }: { $when }.
template-unfit = Tem uma parte que não pode ser preenchida daqui ({ $part }).
template-unread = A Meta ainda não disse o que ele contém; é lido em alguns minutos.
template-seen = Visto { $ago }.
market-north-america = América do Norte
market-rest-of-africa = Resto da África
market-rest-of-asia-pacific = Resto da Ásia-Pacífico
market-rest-of-central-eastern-europe = Resto da Europa Central e Oriental
market-rest-of-latin-america = Resto da América Latina
market-rest-of-middle-east = Resto do Oriente Médio
market-rest-of-western-europe = Resto da Europa Ocidental
market-other = Outros países
confirm-title = 💳 <b>Confirmar envio pago</b>
confirm-to = Para <b>{ $contact }</b> ({ $phone }) via <b>{ $account }</b>
confirm-template = Modelo <b>{ $name }</b> · { $language } · { $category }
confirm-price = Preço: <b>{ $price }</b> · { $market } · { $category } · tabela de { $card }
confirm-valid = Este botão vale 90 segundos, uma só vez.

## Contatos

contact-title = 👤 <b>{ $contact }</b> · { $code }
contact-no-phone = sem telefone
contact-only-username = sem telefone: só o usuário do WhatsApp
contact-before = Antes: { $names }
contact-alike = 👥 Talvez seja a mesma pessoa: { $contact } · { $phone } · { $code }
contact-merged = { $why ->
    [by_hand] 🔗 Unido à mão com { $contact } { $ago }
   *[other] 🔗 O WhatsApp disse que também era { $contact } ({ $ago })
}
merge-title = 🔗 <b>Unir { $one } e { $other }?</b>
merge-means = Será um só contato com um só histórico. Se os dois percorrem a mesma sequência, continua a que está mais adiante; se um pediu para não receber mensagens, vale para os dois. Nada é enviado agora, e dá para desfazer.
unmerge-title = ✂️ <b>Separar { $one } e { $other }?</b>
unmerge-means = Cada contato recupera o que era seu. O que foi dito desde a união fica com { $one }, menos as mensagens que { $other } escreveu. As sequências que a união encerrou ficam em pausa. Nada é enviado agora.
labels-title = 🏷 <b>{ $contact }</b> · { $code }
labels-tags = 🏷 { $tags }
labels-no-tags = Sem etiquetas
labels-field = 📇 { $field }: { $value }
labels-note = 📝 { $agent } · { $ago }
labels-operator = operador
labels-ask-tag = 🏷 Que etiqueta colocar em { $contact }? Escreva. Ela inicia as sequências que começam com ela e encerra as que terminam com ela.
labels-ask-tag-placeholder = Etiqueta
labels-ask-field = 📇 Que dado de { $contact }? Escreva <code>cidade: Rosario</code>; sem nada depois dos dois pontos, é apagado.
labels-ask-field-placeholder = dado: valor
labels-ask-note = 📝 Escreva a nota sobre { $contact }. Só a equipe vê.
labels-ask-note-placeholder = Nota
erase-title = 🗑 <b>Apagar tudo de { $contact }?</b> { $phone }
erase-goes = Vão embora para sempre { $messages ->
    [one] { $messages } mensagem
   *[other] { $messages } mensagens
}, { $files ->
    [one] { $files } arquivo
   *[other] { $files } arquivos
} e { $notes ->
    [one] { $notes } nota
   *[other] { $notes } notas
}, e com eles o nome, o telefone, as etiquetas e os campos.
erase-ends = { $walks ->
    [one] Termina { $walks } sequência
   *[other] Terminam { $walks } sequências
}, e { $waiting ->
    [one] a única mensagem que esperava não sai
   *[other] nenhuma das { $waiting } que esperavam sai
}.
erase-stays = Ficam os números sem nome (quantas mensagens, quanto custaram) e, se a pessoa tinha pedido para sair, só isso. As cópias de segurança guardam tudo até vencerem.
erase-type = Não dá para desfazer. Para apagar, escreva <code>{ $word }</code>.
erase-word = APAGAR { $code }
erase-done = 🗑 Contato { $code } apagado: { $messages ->
    [one] { $messages } mensagem ficou
   *[other] { $messages } mensagens ficaram
} sem palavras. O que mostrei nos chats também sai.
erased-message = 🗑 <i>Apagado a pedido da pessoa.</i>
contact-profile-name = No perfil: { $name }
contact-opted-out = 🚫 Pediu para não receber mensagens
contact-marketing-stopped = 🔕 Não quer mensagens de marketing
contact-account = <b>{ $account }</b> · { $owner }
contact-owner = 🙋 { $agent }
contact-no-owner = sem responsável
contact-by-meta = 🤖 O agente da Meta está atendendo
contact-pending = { $count ->
    [one] 📮 1 mensagem na fila
   *[other] 📮 { $count } mensagens na fila
}
contact-more-conversations = { $count ->
    [one] … e mais { $count } conversa
   *[other] … e mais { $count } conversas
}
contact-local-time = 🕘 lá são { $time }
contact-walk = { $state ->
    [active] 🔁 “{ $sequence }” passo { $step } de { $steps } · próximo { $when }
    [paused] ⏸ “{ $sequence }” passo { $step } de { $steps } · { $reason ->
        [customer_replied] em pausa: respondeu
        [probable_block] em pausa: possível bloqueio
        [confirmed_block] em pausa: bloqueio
        [agent] em pausa pela equipe
        [restored] em pausa: um backup foi restaurado
       *[other] em pausa
    }
    [completed] ✅ “{ $sequence }” concluída
   *[exited] ⏹ “{ $sequence }” · { $reason ->
        [customer_replied] saiu: respondeu
        [tag] saiu: recebeu uma etiqueta
        [opted_out] saiu: pediu para não receber
        [confirmed_block] saiu: bloqueio
        [removed] saiu: número retirado
        [archived] saiu: sequência arquivada
        [merged] saiu: já a percorria
       *[other] saiu
    }
}
find-ask = 🔎 Quem você procura? Escreva um nome, um telefone ou um código.
find-placeholder = Nome, telefone ou código
find-nobody = Não encontro “{ $text }”.
find-hint = Tente parte do nome ou os últimos dígitos do telefone.
find-several = 🔎 <b>{ $count } contatos</b> · qual deles?
find-line = <b>{ $contact }</b> · { $phone } · { $code }
message-kind = { $kind ->
    [text] 💬 Texto
    [image] 📷 Foto
    [video] 🎬 Vídeo
    [audio] 🎤 Áudio
    [document] 📎 Documento
    [sticker] 🌟 Figurinha
    [location] 📍 Localização
    [contacts] 👤 Contato
    [reaction] 👍 Reação
    [button] ▸ Botão
    [interactive] ▸ Resposta
    [order] 🛒 Pedido
    [template] 📄 Modelo
    [system] ⚙️ Aviso do WhatsApp
    [unsupported] ❔ Mensagem não compatível
    [call] 📞 Chamada
    [call_permission] 📞 Permissão para ligar
    [media_placeholder] 📎 Arquivo que ainda não chegou
   *[other] ❔ Mensagem de um tipo novo
}
message-held-by-meta = ⏸ a Meta o retém para verificar a qualidade
message-reaction-removed = 👍 Retirou a reação
message-system = { $what ->
    [user_changed_number] Mudou de número: agora é { $number }
    [customer_changed_number] Mudou de número: agora é { $number }
    [user_changed_user_id] O WhatsApp deu uma identidade nova a esta pessoa
    [customer_identity_changed] Mudou de telefone ou reinstalou o WhatsApp
   *[user_identity_changed] Mudou de telefone ou reinstalou o WhatsApp
}
message-unsupported = { $what ->
    [button] Um botão que o WhatsApp não entrega aqui
    [edit] Mudou uma mensagem; o WhatsApp não diz qual nem como
    [errors] O WhatsApp não conseguiu entregar o que foi enviado
    [gif] Um GIF que o WhatsApp não entrega aqui
    [group_invite] Um convite para um grupo
    [hsm] Um modelo que o WhatsApp não entrega aqui
    [image] Uma foto que o WhatsApp não entrega aqui, talvez de visualização única
    [interactive] Uma resposta interativa que o WhatsApp não entrega aqui
    [keep_in_chat] Guardou uma mensagem temporária
    [link_preview] Um link com prévia que o WhatsApp não entrega aqui
    [list] Uma lista que o WhatsApp não entrega aqui
    [location] Uma localização que o WhatsApp não entrega aqui, talvez em tempo real
    [media_placeholder] Um arquivo que o WhatsApp não entrega aqui, talvez de visualização única
    [order] Um pedido que o WhatsApp não entrega aqui
    [pin] Fixou uma mensagem na conversa
    [poll_creation] Uma enquete
    [poll_update] Votou em uma enquete
    [product] Um produto que o WhatsApp não entrega aqui
    [reaction] Uma reação que o WhatsApp não entrega aqui
    [too_large] Um arquivo grande demais: o WhatsApp não o entrega
    [not_here] Escreveu de um aparelho que o WhatsApp não aceita aqui: aparece no telefone
   *[other] Algo que o WhatsApp não entrega aqui; peça que envie de outra forma
}
message-call = { $outcome ->
    [completed] Chamada do WhatsApp · { $seconds } s
    [missed] Chamada perdida do WhatsApp
   *[other] Está ligando pelo WhatsApp
}
message-call-permission = { $answer ->
    [accept] Aceitou receber chamadas pelo WhatsApp
    [reject] Não quer chamadas pelo WhatsApp
   *[other] Respondeu se quer chamadas pelo WhatsApp
}
window-open = 🟢 Janela aberta · fecha { $when }
window-ending = 🟡 Janela aberta · fecha { $when }
window-last-minutes = 🔴 A janela fecha já · { $when }
window-closed = ⚫ Janela fechada { $ago }
window-never = ⚫ Janela fechada · nunca escreveu
basis-assumed = { $basis ->
    [manual_send] suposição: envio pelo telefone
   *[sequence_start] suposição: início da sequência
}
block-line = { $level ->
    [confirmed] 🟥 Bloqueio confirmado ({ $probability } %)
   *[probable] 🟧 Bloqueio provável ({ $probability } %)
}

## Conversas

push-inbound = 💬 <b>{ $contact }</b> · { $account }
push-manual = 📱 <b>{ $contact }</b> · { $account } · enviado pelo telefone
push-by-meta = 🤖 <b>{ $contact }</b> · { $account } · respondido pelo agente da Meta
push-standby = 🤖 <i>O agente da Meta está atendendo; se você responder, passa a ser sua.</i>
push-control = { $holder ->
    [meta] 🤖 <b>{ $contact }</b> · { $account } · agora o agente da Meta atende
   *[ours] 🙋 <b>{ $contact }</b> · { $account } · o agente da Meta passa a conversa para você
}
push-changed = { $change ->
    [revoke] 🗑 <b>{ $contact }</b> · { $account } · { $ours ->
        [yes] apagada no telefone
       *[no] apagou a mensagem
    }
   *[edit] ✏️ <b>{ $contact }</b> · { $account } · { $ours ->
        [yes] mudada no telefone
       *[no] mudou a mensagem
    }
}
push-forwarded = ↪️ <i>{ $often ->
    [yes] Encaminhada muitas vezes
   *[no] Encaminhada
}</i>
push-ad = 📣 <i>{ $source ->
    [post] Vem de uma publicação
   *[ad] Vem de um anúncio
}:</i> { $headline }
push-product = 🛍 <i>Pergunta pelo produto</i> { $product }
push-answers = ↩️ <i>{ $ours ->
    [yes] Responde à nossa
   *[no] Responde à própria
}:</i> “{ $text }”
push-answers-unknown = ↩️ <i>Responde a uma mensagem que não tenho.</i>
media-from = { $kind ->
    [image] 📷
    [video] 🎬
    [voice] 🎤
    [audio] 🎵
    [sticker] 🌟
   *[document] 📎
} <b>{ $contact }</b> · { $account }{ $ours ->
    [yes] { " · enviado pelo telefone" }
   *[no] { "" }
}
media-odd = ⚠️ O arquivo não bate com a soma de verificação da Meta.
media-missing = ⚠️ { $state ->
    [refused] Não aceitei o arquivo: { $reason }
    [expired] O arquivo foi guardado pelo tempo previsto e apagado.
   *[gone] O arquivo não existe mais: { $reason }
}
media-not-for-telegram = 📦 O Telegram não aceita este arquivo ({ $megabytes } MB). { $where ->
    [link] Abra com o botão; o link expira em alguns dias.
   *[nowhere] Está guardado no servidor.
}
button-ask-history = 📥 Pedir histórico
button-history = 📥 Histórico
button-open-file = Abrir arquivo
push-consent = { $said ->
    [out] 🚫 Pediu para não receber mais mensagens: as sequências terminaram. Só dá para responder se escrever de novo.
   *[back] ✅ Quer voltar a receber mensagens.
}
push-closes = ⏳ Janela: fecha { $when }
reply-ask = ✍️ Escreva sua resposta para <b>{ $contact }</b> via { $account }.
reply-placeholder = Sua resposta
reply-will-wait = O que você escrever ficará na fila.
reply-queued = 👌 A caminho.
reply-assumed = 👌 A caminho, por uma suposição que a Meta pode recusar: { $basis ->
    [manual_send] alguém escreveu pelo telefone
   *[sequence_start] a sequência acabou de começar
}.
reply-preparing = ⏳ Preparando o arquivo para o WhatsApp. Você pode continuar; o que escrever a este contato sai depois.
compose-title = 🔘 <b>Mensagem para { $contact }</b> via { $account }
compose-what = O cliente responde com um toque. De que forma?
compose-will-wait = ⚫ A janela está fechada: ficará na fila.
compose-ask-words = { $form ->
    [buttons] 🔘 Escreva o texto acima dos botões
    [list] 📋 Escreva o texto acima da lista
    [link] 🔗 Escreva o texto acima do link
   *[phone] 📞 Escreva como pedir o telefone
} para <b>{ $contact }</b> via { $account }.
compose-ask-titles = { $form ->
    [buttons] 🔘 Agora os botões, um por linha: de 1 a 3, de até 20 caracteres.
    [list] 📋 Agora as opções, uma por linha: até 10. Com <code>título | descrição</code> levam uma descrição, e <code># título</code> começa uma seção.
   *[link] 🔗 Agora o título do botão (até 20 caracteres) e o endereço: <code>Ver catálogo https://…</code>
}
compose-cancel = <i>/cancel deixa isto.</i>
compose-placeholder-words = Texto da mensagem
compose-placeholder-titles = { $form ->
    [link] Título e endereço
   *[other] Uma por linha
}
compose-list-label = Ver opções
compose-phone-button = 📞 Compartilhar telefone
compose-look = 👀 <b>É assim que { $contact } vai ver</b> via { $account }
compose-sent = 👌 <b>A caminho de { $contact }</b> via { $account }
reply-cannot-leave = 📎 Daqui saem textos, fotos, vídeos, voz, áudios, documentos, figurinhas, locais e contatos. Nada foi enviado.
late = ⏳ Recebi isto { $ago } (estive sem conexão). Executar?
hint-reply = ✍️ Para responder a um cliente, responda (deslizando) à mensagem dele ou use o botão Responder.
hint-find = Para abrir uma ficha: <code>/c nome</code>.

## Sequências

sequences-title = 🔁 <b>Sequências</b> · { $active ->
    [one] { $active } ativa
   *[other] { $active } ativas
} · { $inside ->
    [one] { $inside } pessoa dentro
   *[other] { $inside } pessoas dentro
}
sequences-empty = Ainda não há nenhuma. Um administrador as carrega de um arquivo.
sequences-line = { $icon } <b>{ $name }</b> v{ $version } · { $inside } dentro{ $paused ->
    [0] {""}
   *[other] {" "}({ $paused } em pausa)
}
sequence-title = 🔁 <b>{ $name }</b> v{ $version } · { $state ->
    [draft] 📝 rascunho
    [active] ▶️ ativa
    [paused] ⏸ em pausa
   *[archived] 🗄 arquivada
}
sequence-counts = { $active } em andamento · { $paused } em pausa · { $completed } concluíram · { $exited } saíram
sequence-trigger = { $trigger ->
    [first_message] Começa sozinha com a primeira mensagem do contato.
    [keyword] Começa sozinha quando o contato escreve uma de suas palavras.
    [ad] Começa sozinha quando o contato vem de um anúncio.
    [tag] Começa sozinha quando o contato recebe uma etiqueta.
    [import] Começa com quem é importado.
   *[manual] Começa quando alguém inscreve o contato.
}
sequence-hours = 🕘 Sai das { $from } às { $to }, hora do contato{ $days ->
    [7] {""}
   *[other] , { $days } dias por semana
}.
sequence-tolerance = ⏩ Um passo pode sair até { $delay } antes para alcançar a janela aberta.
sequence-no-steps = Não tem passos.
sequence-more-steps = … e mais { $count } passos
enroll-ask = 👥 Quem inscrever em “{ $sequence }”? Escreva um nome, um telefone ou um código.
enroll-which = 👥 Em qual sequência inscrever <b>{ $contact }</b>?
enroll-none = Não há sequências ativas.
enroll-confirm = 👥 Inscrever <b>{ $contact }</b> em “{ $sequence }”
enroll-first = Primeira mensagem ({ $delay }):
enroll-steps = { $count ->
    [one] { $count } passo no total.
   *[other] { $count } passos no total.
}
enroll-wrong-account = Esta sequência é de outro número, e o contato não tem conversa com ele.

## Bloqueios

blocks-title = 🚫 <b>Bloqueios</b>
blocks-what = O WhatsApp nunca avisa de um bloqueio: ele é deduzido do que não é entregue.
blocks-empty = Nenhuma suspeita aberta. Tudo é entregue ✨
blocks-no-more = Não há mais.
blocks-line = { $level ->
    [confirmed] 🟥
   *[probable] 🟧
} <b>{ $contact }</b> · { $level ->
    [confirmed] confirmado
   *[probable] provável
} { $probability } % · { $messages } sem entrega · { $ago }
reactivate-title = ♻️ <b>Reativar { $contact }</b> · { $account }
reactivate-belief = { $level ->
    [confirmed] Hoje: bloqueio confirmado ({ $probability } %)
   *[probable] Hoje: bloqueio provável ({ $probability } %)
}
reactivate-evidence = { $count ->
    [one] { $count } mensagem seguida sem entrega, suspeita desde { $since }
   *[other] { $count } mensagens seguidas sem entrega, suspeita desde { $since }
}
reactivate-means = Será possível escrever de novo e as sequências continuam. A contagem de mensagens sem entrega começa do zero. Nada é enviado agora.
reactivated = ♻️ Reativado. As sequências continuam de onde estavam.

## Alertas

alerts-title = 🔔 <b>Alertas abertos</b>
alerts-what = 👀 e o número: eu cuido desse.
alerts-empty = Sem alertas abertos ✨
alerts-no-more = Não há mais.
alerts-line = <b>{ $number }</b> { $icon } { $ago }{ $count ->
    [1] {""}
   *[other] {" "}· ×{ $count }
}
alert-push = { $icon } <b>{ $severity ->
    [critical] Alerta crítico
    [warning] Aviso
   *[info] Para saber
}</b>
alert-acknowledged = { $mine ->
    [yes] 👀 <b>Você cuida</b>
   *[no] 👀 <b>Outra pessoa cuida</b>
}
alert-unknown = Um alerta que esta versão não conhece ({ $kind }).
alert-probable-block = <b>{ $contact }</b>: bloqueio provável ({ $probability } %), { $messages } mensagens seguidas sem entrega. As sequências estão em pausa.
alert-confirmed-block = <b>{ $contact }</b>: bloqueio confirmado ({ $probability } %), { $messages } mensagens seguidas sem entrega. Nada mais é enviado.
alert-token-expiring = O token de <b>{ $account }</b> vence { $days ->
    [0] hoje
    [1] amanhã
   *[other] em { $days } dias
}.
alert-token-failed = O token de <b>{ $account }</b> falha: { $problem }. Os envios esperam um token novo.
alert-account-held = <b>{ $account }</b> está parado: { $reason ->
    [token] token inválido
    [payment] problema de pagamento
    [spam] a Meta restringiu por bloqueios e denúncias
    [health] a Meta o mantém bloqueado: { $problem }
    [policy] a Meta vê uma falta às regras dela
    [banned] a Meta suspendeu
    [restricted] a Meta restringiu
    [account_deleted] a conta foi excluída
    [offboarded] a conta foi desconectada
    [disconnected] a Meta desconectou
    [permission] faltam permissões ao token
    [locked] a Meta bloqueou a conta
    [registration] o número não está registrado
    [configuration] a Meta não conhece o número
   *[other] { $reason }
}. Os envios esperam.
alert-account-limited = <b>{ $account }</b> continua, mas a Meta limita os seus envios: { $problem }
alert-account-slowed = A Meta pediu mais calma a <b>{ $account }</b>: { $code ->
    [rate-limit] envia mais devagar e se recupera sozinho
    [number-in-maintenance] o número está em manutenção; espera alguns minutos
    [account-limit] chamadas demais da conta; os números dela esperam um pouco
   *[other] chamadas demais do aplicativo; todos os números esperam um pouco
}.
alert-portfolio-limit = <b>{ $account }</b>: foi atingido o limite da Meta de { $most } pessoas por dia fora da janela. Esperam { $waiting } modelos; o próximo pode sair { $until }. As respostas saem igual.
alert-budget = 🎯 Orçamento do mês de { $scope ->
    [all] todos os números
   *[one] <b>{ $account }</b>
}: { $used } de { $limit } ({ $percent } %). { $percent ->
    [100] Os modelos que custam esperam sua aprovação na fila; as respostas saem como sempre.
   *[other] Aos 100 % os modelos que custam esperarão sua aprovação.
}
alert-app-sends = <b>{ $account }</b>: { $count } mensagens escritas à mão no telefone em 24 h; o limite é { $most }.
alert-account-event = A Meta avisa algo sobre <b>{ $account }</b>.
news-account-deleted = A conta de <b>{ $account }</b> foi excluída na Meta. Os envios esperam. Se não foi de propósito, é preciso reclamar à Meta.
news-ad-account-linked = Uma conta de anúncios foi vinculada à de <b>{ $account }</b>. Não é preciso fazer nada.
news-app-installed = O aplicativo foi instalado na conta de <b>{ $account }</b>. Não é preciso fazer nada.
news-app-uninstalled = Alguém tirou o aplicativo da conta de <b>{ $account }</b>: talvez não cheguem mais mensagens. É preciso inscrevê-lo de novo.
news-authentication-price = A tarifa internacional de autenticação de <b>{ $account }</b> mudou. Convém rever os preços.
news-ban-scheduled = A Meta vai suspender <b>{ $account }</b> em { $date }. Ainda envia. É preciso recorrer antes no gerenciador do WhatsApp.
news-ban-unclear = A Meta mudou a suspensão de <b>{ $account }</b> ({ $state }). Nada mudou aqui: veja o gerenciador do WhatsApp.
news-banned = A Meta suspendeu <b>{ $account }</b>. Os envios esperam. Recorra no gerenciador do WhatsApp.
news-capability = A Meta mudou os limites de <b>{ $account }</b>: { $limit ->
    [unlimited] pessoas novas por dia sem limite
    [none] pessoas novas por dia como antes
   *[other] { $limit } pessoas novas por dia
}, { $numbers } números. Não é preciso fazer nada.
news-certification = A certificação de <b>{ $account }</b> com o provedor mudou. Veja o gerenciador do WhatsApp.
news-country = A Meta mudou o país da empresa de <b>{ $account }</b> para { $country }. Preços e impostos podem mudar.
news-disconnected = <b>{ $account }</b> foi desconectado: { $reason ->
    [account_disconnected] alguém o desconectou no aplicativo
    [business_downgrade] a empresa deixou a plataforma
    [change_number] o telefone mudou de número
    [companion_inactivity] um aparelho conectado não foi usado por uns 30 dias
    [primary_inactivity] o telefone não se conectou por uns 14 dias
    [user_re_registered] o número foi registrado em outro telefone
   *[other] a Meta não diz por quê
}. Os envios esperam. É preciso conectá-lo de novo.
news-form-state = A Meta mudou um formulário de <b>{ $account }</b>: { $state ->
    [published] está publicado
    [blocked] está bloqueado e não pode ser enviado
    [throttled] está limitado a 10 por hora
    [deprecated] foi retirado
    [draft] voltou a rascunho
   *[other] está em outro estado
}.
news-form-trouble = { $over ->
    [yes] Um formulário de <b>{ $account }</b> voltou a funcionar bem.
   *[no] Um formulário de <b>{ $account }</b> falha ou está lento. Veja quem o atende.
}
news-marketing-terms-signed = <b>{ $account }</b> aceitou os termos da API de marketing. Não é preciso fazer nada.
news-meta-alert = { $over ->
    [yes] Foi resolvido um aviso da Meta sobre <b>{ $account }</b>:
   *[no] A Meta avisa sobre <b>{ $account }</b>:
} { $what ->
    [oba_approved] o selo de empresa oficial foi aprovado
    [oba_rejected] o selo de empresa oficial foi recusado
    [increased_capabilities_eligibility_deferred] o aumento do limite foi adiado; depois se saberá mais
    [increased_capabilities_eligibility_failed] o limite de mensagens não aumenta por ora
    [increased_capabilities_eligibility_need_more_info] faltam dados da empresa para aumentar o limite
    [profile_picture_lost] a foto do perfil se perdeu; é preciso enviá-la de novo
   *[other] veja o gerenciador do WhatsApp
}.
news-name = { $decision ->
    [approved] A Meta aprovou o nome “{ $name }” de <b>{ $account }</b>.
    [rejected] A Meta recusou o nome “{ $name }” de <b>{ $account }</b>. Continua enviando com o anterior; peça outro.
   *[other] A Meta está analisando o nome “{ $name }” de <b>{ $account }</b>.
}
news-number-error = A Meta dá um erro em <b>{ $account }</b> ({ $code }): { $error }
news-number-quality = <b>{ $account }</b>: { $what ->
    [onboarding] o número está pronto para enviar
    [throughput_upgrade] a Meta aumentou a velocidade do número
    [flagged] a qualidade do número é baixa: muitos o bloqueiam ou denunciam. Envie menos e melhor
    [unflagged] a qualidade do número se recuperou
    [upgrade] a Meta aumentou o limite de mensagens
    [downgrade] a Meta baixou o limite de mensagens
   *[other] a qualidade ou o limite do número mudou
}{ $limit ->
    [none] .
    [unlimited] . Pessoas novas por dia: sem limite.
   *[other] . Pessoas novas por dia: { $limit }.
}
news-offboarded = O telefone de <b>{ $account }</b> mudou ou foi registrado de novo. Os envios esperam; costuma reconectar sozinho em minutos.
news-other = A Meta avisa algo novo sobre <b>{ $account }</b> ({ $field }: { $event }). Está guardado; nada mudou aqui.
news-partner-added = <b>{ $account }</b> foi compartilhado com um provedor. Se não esperava, verifique na Meta.
news-payments = Configuração de pagamentos “{ $configuration }” de <b>{ $account }</b>: { $state ->
    [active] ativa
    [needs_connecting] falta conectar
    [needs_testing] falta testar
   *[other] mudou
}.
news-price-tier = <b>{ $account }</b> chegou a outra faixa de preço por volume: { $pricing_category }, { $region }, { $tier }.
news-reconnected = <b>{ $account }</b> está conectado de novo. Os envios seguem.
news-reinstated = A Meta retirou a suspensão de <b>{ $account }</b>. Os envios seguem.
news-restricted = A Meta restringiu <b>{ $account }</b>: não pode enviar nem responder{ $until ->
    [none] .
   *[other] {" "}até { $until }.
} Os envios esperam.
news-restricted-in-part = A Meta restringiu <b>{ $account }</b>: { $what ->
    [numbers] não pode adicionar números
    [templates] modelos não saem, então não começa conversas; as respostas dentro da janela sim
    [utility] os modelos de utilidade não saem
    [direct_send] o envio direto de utilidade não sai
    [calls] sem chamadas
   *[other] veja qual no gerenciador do WhatsApp
}{ $until ->
    [none] .
   *[other] {" "}até { $until }.
} O resto continua saindo.
news-review = { $decision ->
    [approved] A Meta analisou <b>{ $account }</b> e aprovou.
    [rejected] A Meta analisou <b>{ $account }</b> e recusou. Recorra no gerenciador do WhatsApp.
    [deferred] A Meta adiou a análise de <b>{ $account }</b>.
   *[other] A Meta está analisando <b>{ $account }</b>.
}
news-security = { $what ->
    [pin_reset_request] Alguém pediu para mudar o PIN de <b>{ $account }</b>. Se não foi você, mude-o já no gerenciador do WhatsApp.
    [pin_reset_success] O PIN de <b>{ $account }</b> foi redefinido. Se não foi você, outra pessoa tem acesso.
    [pin_changed] O PIN de <b>{ $account }</b> mudou. Se não foi você, outra pessoa tem acesso.
   *[other] Algo mudou na segurança de <b>{ $account }</b>. Verifique no gerenciador do WhatsApp.
}
news-settings = Alguém mudou os ajustes de <b>{ $account }</b> na Meta. Não é preciso fazer nada se foi de propósito.
news-solution = A solução compartilhada com um provedor na conta de <b>{ $account }</b>: { $state ->
    [active] está ativa
    [initiated] espera que alguém a aceite
    [rejected] foi recusada
    [pending_deactivation] será desativada
    [deactivated] foi desativada
   *[other] mudou
}.
news-username = Nome de usuário de <b>{ $account }</b>: { $decision ->
    [approved] @{ $username } foi aprovado
    [reserved] @{ $username } ficou reservado
    [deleted] @{ $username } foi retirado
   *[other] mudou
}.
news-violation = A Meta diz que <b>{ $account }</b> descumpre as políticas dela ({ $what ->
    [adult] conteúdo adulto
    [alcohol] álcool
    [animals] venda de animais
    [dating_services] encontros
    [drugs] drogas
    [gambling] apostas
    [healthcare] saúde
    [real_fake_currency] dinheiro real ou falso
    [scam] enganos
    [spam] mensagens indesejadas
    [supplements] suplementos
    [tobacco] tabaco
    [weapons] armas
   *[other] não diz qual
}). Se continuar, vai suspendê-lo: veja o que é enviado.
alert-webhook-dead = Não foi possível entender um aviso do WhatsApp ({ $webhook_id }): { $error }. Está guardado.
alert-outside-window = “{ $sequence }” ({ $account }): janela fechada com { $contact }. A mensagem ficou na fila.
alert-outside-window-reply = { $account }: resposta a { $contact } com a janela fechada. Ficou na fila.
alert-assumption-off = A Meta recusou em <b>{ $account }</b> um envio por suposição ({ $assumption ->
    [manual_send] envio pelo telefone
    [sequence_start] início da sequência
   *[other] { $assumption }
}). Não se supõe mais neste número.
alert-send-failed = Uma mensagem para <b>{ $contact }</b> não saiu: { $why } ({ $code })
alert-unknown-outcome = Uma mensagem para <b>{ $contact }</b> talvez tenha saído: o WhatsApp não respondeu. Uma pessoa decide.
alert-job-failed = A tarefa { $job } falhou: { $error }
alert-agent-unreachable = Nada chega a <b>{ $agent }</b>: bloqueou o bot ou fechou a conversa. Agora toda a equipe vê os seus contatos.
alert-media-store = Não consigo guardar os arquivos dos clientes ({ $problem }). Veja o disco ou o armazenamento; continuo tentando.
alert-backup-failed = O backup não pôde ser feito ou comprovado: { $problem }. Tento de novo amanhã; em /backups, agora.
alert-backup-old = O último backup bom tem { $hours } horas. Veja /backups.
alert-restored = O backup de { $made_at } foi restaurado. O que veio depois não está lá. Para que nada saia duas vezes: { $sends } envios e { $cards } mensagens da fila perguntam se já saíram, { $walks } percursos de sequências e { $accounts } números estão em pausa, { $webhooks } webhooks esperam. Revise a fila e retome cada número.
alert-template = Modelo <b>{ $template }</b> ({ $language }): { $trouble ->
    [paused] A Meta pausou por qualidade{ $until ->
        [none] {""}
       *[other] {" "}até { $until }
    }. O que ia sair com ele espera na fila; quando voltar, é oferecido de novo.
    [disabled] A Meta desativou. Não volta: crie outro no gerenciador do WhatsApp e troque nas suas sequências.
    [rejected] A Meta rejeitou ({ $reason }). Corrija no gerenciador do WhatsApp.
    [gone] não existe mais na Meta. O que ia sair com ele espera na fila: escolha outro.
    [missing] A Meta diz que não existe nesse idioma. O que ia sair com ele espera na fila; a lista é lida de novo.
    [mismatch] A Meta recusou os dados ({ $reason }). O que ia sair com ele espera na fila; o modelo é lido de novo.
    [barred] A Meta não deixa sair nada com ele agora ({ $reason }). Veja o motivo no WhatsApp Manager. O que ia sair com ele espera na fila: escolha outro.
    [recategorised] A Meta passou para { $category }. Custa o que custa essa categoria a partir de agora.
    [impending] A Meta vai passar de { $category } para { $next_category } ({ $starts }). Desde então custa o que custa essa categoria; se não estiver certo, recorra no gerenciador do WhatsApp.
    [low_quality] a qualidade caiu: as pessoas bloqueiam ou denunciam. Se continuar, a Meta pausa. Use menos ou troque.
    [flagged] A Meta está observando por má qualidade. Se não melhorar, desativa.
   *[approved] aprovado: pode ser usado{ $waiting ->
        [0] .
        [one] {" "}e { $waiting } mensagem espera por ele na fila. Não sai sozinha.
       *[other] {" "}e { $waiting } mensagens esperam por ele na fila. Não saem sozinhas.
    }
}

## Custos

costs-title = 💵 <b>Custos</b> · { $period ->
    [today] hoje
    [week] últimos 7 dias
   *[month] este mês
}
costs-whole = <b>{ $amount }</b> · { $messages ->
    [one] { $messages } mensagem
   *[other] { $messages } mensagens
}
costs-nothing = Nenhum gasto.
costs-yesterday = Ontem: { $amount }
costs-budget = 🎯 { $scope ->
    [all] todos os números
   *[one] <b>{ $account }</b>
}: { $used } de { $limit } ({ $percent } %)
costs-line = { $name } · { $messages } × → { $amount }
costs-line-free = { $name } · { $messages } × → { $amount } ({ $free } sem custo)
costs-ahead-title = 🔮 <b>Próximos { $days } dias</b>
costs-ahead = { $kind ->
    [queued] Modelos na saída
    [template] Passos por modelo, se aprovados
    [reply] Passos com janela aberta, se acabou a cota da Meta
   *[undecided] Passos sem modelo nem janela: uma pessoa decide
} · { $messages } × → { $amount }{ $unpriced ->
    [0] { "" }
   *[other] { " " }({ $unpriced } sem preço)
}
costs-ahead-nothing = Nada previsto.
costs-ahead-more = ⚠️ Há mais: nem tudo foi contado.
costs-ahead-what = <i>Se ninguém responder e nada mudar, com as tarifas de cada dia.</i>
costs-unpriced = ⚠️ { $count } sem tarifa carregada, não somadas
costs-of-none = sem sequência
costs-source = <i>O que a Meta disse de cada mensagem que chegou, com a tarifa do dia. A fatura é da Meta.</i>

## Por quê

why-title = ❓ <b>Por quê</b> · <b>{ $contact }</b> · { $account }
why-title-message = ❓ <b>Por quê</b> · mensagem { $code } de <b>{ $contact }</b> · { $account }
why-ask = Sobre quem ou o quê? Escreva /porque com um código ou um nome, ou responda com /porque a um cartão ou a uma mensagem.
why-part-fact = <b>O que se sabe</b>
why-part-rule = <b>O que decide</b>
why-part-next = <b>O que vem depois</b>
why-account = { $state ->
    [paused] A equipe pausou o número.
    [removed] O número foi encerrado.
   *[held] O número está parado{ $until ->
        [none] .
       *[other] { " " }até { $until }.
    }
}
why-by-meta = O agente da Meta atende esta conversa desde { $at }.
why-wrote = Escreveu pela última vez { $at }. Isso abre 24 horas, pelo relógio da Meta.
why-never-wrote = Nunca escreveu para este número: nunca houve janela aberta.
why-typed = Alguém da equipe escreveu pelo telefone pela última vez { $at }.
why-refuted = A Meta disse { $at } que a janela estava fechada (131047); isso vale mais que o nosso relógio.
why-opted-out = Pediu para não receber mais mensagens{ $at ->
    [none] .
   *[other] { " " }{ $at }.
}
why-marketing-stopped = Não quer marketing.
why-marketing-capped = A Meta poupa esta pessoa de marketing até { $until } (131049).
why-block = { $level ->
    [confirmed] O bloqueio é dado como certo
   *[probable] Há um bloqueio provável
}{ $count ->
    [none] .
   *[other] { " " }({ $probability } %): { $count } mensagens seguidas não chegaram, visto desde { $since }.
}
why-last-failed = Nossa última mensagem falhou { $at }{ $meta ->
    [none] .
   *[other] { " " }(código { $meta } da Meta).
}
why-message-failed-at = Falhou { $at }{ $meta ->
    [none] .
   *[other] { " " }(código { $meta } da Meta).
}
why-walk = Sequência “{ $sequence }”, passo { $step } de { $steps }: { $state ->
    [paused] em pausa, { $reason ->
        [customer_replied] porque respondeu { $at }
        [probable_block] por um possível bloqueio
        [confirmed_block] por um bloqueio
        [agent] pela equipe
        [restored] porque um backup foi restaurado
        [restored] porque o banco de dados foi restaurado
       *[other] { $reason }
    }
    [completed] terminada
   *[exited] encerrada, { $reason ->
        [customer_replied] porque respondeu
        [tag] por uma etiqueta
        [opted_out] porque pediu para sair
        [confirmed_block] por um bloqueio
        [agent] pela equipe
        [archived] porque a sequência foi arquivada
        [merged] porque dois contatos se uniram
        [erased] porque a pessoa foi apagada
       *[other] { $reason }
    }
}.
why-may-write = Um texto livre pode sair agora: { $basis ->
    [ad_entry] chegou por um anúncio e escreveu
    [manual_send] supõe-se, porque alguém escreveu pelo telefone
   *[customer_message] escreveu há menos de 24 horas
}. Aberta até { $until }.
why-must-ask = Um texto livre não pode sair sozinho: a janela está fechada{ $since ->
    [none] .
   *[other] { " " }desde { $since }.
} Uma pessoa decide: com modelo ou à mão.
why-must-wait = Não pode sair antes de { $until }.
why-may-not = Nada pode sair.
why-nothing = Nada espera para sair.
why-unproven = { $origin ->
    [reply] Uma resposta
    [approval] Uma mensagem aprovada
   *[sequence] Um passo
} ({ $message }) talvez tenha saído: espera a prova da Meta e, se não vier, uma pessoa. Não se repete.
why-leaving = { $origin ->
    [reply] Uma resposta
    [approval] Uma mensagem aprovada
   *[sequence] Um passo
} ({ $message }) está saindo agora mesmo.
why-stopped = { $origin ->
    [reply] Uma resposta
    [approval] Uma mensagem aprovada
   *[sequence] Um passo
} ({ $message }) sai quando o número continuar{ $until ->
    [none] .
   *[other] { " " }({ $until }).
}
why-queued = { $origin ->
    [reply] Uma resposta
    [approval] Uma mensagem aprovada
   *[sequence] Um passo
} ({ $message }) sai { $at }.
why-more-queued = E mais { $count } esperam para sair.
why-card = O cartão { $card } espera uma pessoa desde { $since }: { $reason ->
    [window_closed] a janela estava fechada
    [rejected_by_meta] a Meta rejeitou
    [unknown_outcome] não se sabe se saiu
    [template_missing] falta o modelo
    [template_unusable] o modelo não pode ser enviado agora
    [template_mismatch] os valores não servem no modelo
    [template_marketing] o modelo virou marketing
    [budget] passa do orçamento do mês
    [template_price] o preço mudou
    [template_barred] por enquanto a Meta não deixa sair modelos
   *[other] { $reason }
}.
why-more-cards = E mais { $count } cartões esperam.
why-awaits = “{ $sequence }” espera a resposta{ $until ->
    [none] .
   *[other] { " " }até { $until }.
}
why-step = “{ $sequence }”, passo { $step } de { $steps }: { $at }{ $how ->
    [pulled_forward] , antes, para que a janela ainda esteja aberta
    [pushed] , movido para as horas em que se pode escrever
   *[on_time] , quando chega a hora
}. { $basis ->
    [window] A janela estará aberta.
    [template] A janela estará fechada: uma pessoa decide sobre o modelo.
   *[agent] A janela estará fechada: uma pessoa decide.
}
why-message-in = Escreveu isto { $at }.
why-message-out = { $origin ->
    [reply] { $agent ->
        [none] Uma resposta
       *[other] { $agent } respondeu
    }
    [approval] { $agent ->
        [none] Foi aprovada
       *[other] { $agent } aprovou
    }
   *[sequence] A sequência { $sequence ->
        [none] { "" }
       *[other] “{ $sequence }”{ " " }
    }quis enviar o passo { $step }
}{ " " }({ $at }).
why-message-beside = Não saiu por aqui ({ $at }): { $source ->
    [manual] alguém escreveu no telefone
    [automatic] o app enviou sozinho
    [meta_agent] o agente da Meta enviou
   *[other] outro programa enviou
}.
why-message-imported = Só se conhece pelo histórico do telefone e não conta para nada.
why-message-edited = Foi alterada { $at }.
why-message-revoked = Foi apagada { $at }.
why-message-basis = Foi permitida porque { $basis ->
    [ad_entry] chegou por um anúncio e escreveu
    [manual_send] alguém tinha escrito pelo telefone (uma suposição)
    [sequence_start] a sequência começou há menos de 72 horas (uma suposição)
    [template] é um modelo, que não precisa de janela
   *[customer_message] tinha escrito menos de 24 horas antes
}.
why-message-cancelled = Foi retirada antes de sair.
why-message-failed = Foi dada como perdida{ $meta ->
    [none] .
   *[other] { " " }(código { $meta } da Meta).
}
why-message-held = Não foi enviada e virou um cartão.
why-message-charged = O que a Meta diz do preço: { $category } ({ $type }).
why-message-accepted = A Meta aceitou { $at }.
why-message-sent = O WhatsApp enviou { $at }.
why-message-delivered = Chegou { $at }.
why-message-read = Foi lida { $at }.
why-message-played = Foi ouvida { $at }.
why-message-held-by-meta = A Meta olha antes a qualidade; depois sai, ou falha.
why-message-after = Vai atrás da mensagem { $message }, para manter a ordem.
why-message-on-its-way = Ainda não chegou (desde { $since }): { $long ->
    [yes] o telefone está desligado, sem rede, ou nos bloqueou
   *[no] o telefone pode estar desligado ou sem rede
}.
why-because-order = Uma parte anterior não saiu.
why-because-arrived-after-all = A mensagem que ela substituía tinha chegado.
why-because-called-back = O passo foi retirado.
why-because-merged = Dois contatos se uniram.
why-because-replaced = Uma mais nova tomou o lugar.
why-because-unknown = A Meta nunca disse se saiu.
why-because-portfolio-limit = O limite da Meta de pessoas por dia foi atingido.
why-because-window-closed = A janela estava fechada.
why-because-customer-replied = Respondeu.
why-because-agent = A equipe parou.
why-because-tag = Recebeu uma etiqueta.
why-because-archived = A sequência foi arquivada.
why-because-opted-out = Pediu para não receber mais mensagens.
why-because-blocked = Um bloqueio foi dado como certo.
why-because-confirmed-block = Um bloqueio foi dado como certo.
why-because-account-removed = O número foi encerrado.
why-because-unknown-outcome = Não se sabe se saiu.
why-because-rejected-by-meta = A Meta rejeitou.
why-because-template-missing = Falta o modelo.
why-because-template-unusable = O modelo não pode ser enviado agora.
why-because-template-mismatch = Os valores não servem no modelo.
why-because-budget = Passa do orçamento do mês: sai se alguém aprovar.
why-because-template-marketing = O modelo virou marketing, que a pessoa não quer.
why-because-template-price = O preço mudou.
why-because-template-barred = A Meta não deixa sair modelos deste número por enquanto.

## Estado

status-fine = 🟢 <b>Tudo funciona</b>
status-trouble = 🔴 <b>Há problemas</b> · { $held ->
    [one] 1 número parado
   *[other] { $held } números parados
} · { $dead } avisos sem entender
status-webhooks = 📨 Avisos do WhatsApp: { $waiting } a processar · { $dead } sem entender
status-new-kinds = 🆕 { $count ->
    [one] 1 tipo novo de aviso
   *[other] { $count } tipos novos de aviso
}: { $kinds } · { $ago }. Está guardado; talvez haja uma versão nova.
status-outbox = 📤 Saída: { $waiting } em espera · { $unknown } sem resposta
status-pending = 📮 Fila manual: { $count }
status-contacts = 👥 Contatos: { $count } · janelas abertas: { $windows }
status-blocks = 🚫 Bloqueios: { $probable } prováveis · { $confirmed } confirmados
status-files = 📎 Arquivos: { $waiting } por baixar · { $lost } que não chegaram em 7 dias
status-held-why = { $reason ->
    [token] token inválido
    [permission] faltam permissões ao token
    [payment] problema de pagamento
    [spam] a Meta restringiu por bloqueios e denúncias
    [health] a Meta o mantém bloqueado
    [policy] a Meta vê uma falta às regras dela
    [locked] a Meta bloqueou a conta
    [registration] o número não está registrado
    [configuration] a Meta não conhece o número
    [banned] a Meta suspendeu
    [restricted] a Meta restringiu
    [account_deleted] a conta foi excluída
    [offboarded] a conta foi desconectada
    [disconnected] a Meta desconectou
   *[other] { $reason }
}
status-account = { $icon } <b>{ $account }</b> · { $waiting } em espera{ $state ->
    [held] {" "}· parado: { $reason }
    [paused] {" "}· em pausa
    [removed] {" "}· retirado
   *[active] {""}
}
status-slowed = ⏱ { $rate } de { $allowed } mensagens por segundo, freado pela Meta; normal às { $until }
status-usage = ⏱ { $rate } de { $allowed } mensagens por segundo: já se usou { $used } % das chamadas que a Meta permite
status-rests = ⏸ descansa até { $until } · { $reason ->
    [number-in-maintenance] número em manutenção
    [account-limit] chamadas demais da conta
   *[other] chamadas demais do aplicativo
}
status-reach = 👥 { $used } de { $most } pessoas fora da janela em 24 h
status-import = 📥 { $account }: { $state ->
    [asked] histórico pedido
    [running] importando { $percent } %
    [done] histórico importado
    [declined] histórico não compartilhado
   *[idle] histórico não pedido
}
import-title = 📥 <b>Histórico de { $account }</b>
import-state = { $state ->
    [asked] Pedido ao WhatsApp; ainda não chegou nada.
    [running] Importando { $count } dias. Ninguém recebe avisos do que é antigo.
    [done] ✅ { $count } dias importados.
    [declined] 🚫 O dono do telefone não quis compartilhar o histórico.
   *[idle] Ainda não foi pedido.
}
import-bar = { $bar } { $percent }%{ $phase ->
    [first] {" "}· último dia
    [second] {" "}· dias 1 a 90
    [third] {" "}· dias 90 a 180
   *[unknown] {""}
}
import-haul = { $conversations ->
    [one] 1 conversa
   *[other] { $conversations } conversas
} · { $messages ->
    [one] 1 mensagem
   *[other] { $messages } mensagens
} · { $files ->
    [one] 1 arquivo
   *[other] { $files } arquivos
}
import-awaited = ⏳ Faltam: { $messages } mensagens por guardar · { $files } arquivos por baixar
status-jobs = Tarefas
status-at = <i>Atualizado { $time }</i>

## Backups

backups-title = 🗄 <b>Backups</b>
backups-none = Ainda não há nenhum.
backups-last = Último bom: { $ago }
backups-none-proven = ⚠️ Nenhum está comprovado.
backups-line = { $at } · { $size } MB · { $proven ->
    [yes] ✓ comprovado
   *[no] ⚠️ sem comprovar
} · { $reason }{ $scope ->
    [configuration] {" "}· só configuração
   *[everything] {""}
}
backups-what = Cifrados, e nunca saem pelo Telegram. Para restaurar, no servidor: <code>centralita backup restore</code>.

## Números

accounts-title = 📱 <b>Números</b>
accounts-none = Ainda não há nenhum. No servidor: centralita accounts add
accounts-line = { $icon } <b>{ $account }</b> · { $state ->
    [held] parado
    [paused] em pausa
    [removed] retirado
   *[active] envia
} · { $waiting } esperando
account-title = { $icon } <b>{ $account }</b> · { $phone }
account-active = Envia normalmente.
account-paused = ⏸ Está em pausa: nada sai até alguém retomar.
account-paused-why = ⏸ Está em pausa: { $why }
account-held = 🔴 Está parado: { $reason ->
    [token] a Meta não aceita o token. Com um novo ele continua sozinho.
    [permission] o token não tem as permissões. Com um novo ele continua sozinho.
    [payment] há um problema de pagamento na Meta. Depois de resolver, é preciso retomar.
    [policy] a Meta bloqueou por suas políticas. Depois de resolver na Meta, é preciso retomar.
    [locked] a Meta bloqueou a conta. Depois de resolver na Meta, é preciso retomar.
    [registration] o número não está registrado ou não tem nome aprovado. Depois, é preciso retomar.
    [configuration] a Meta não conhece o número: confira o identificador.
    [account_deleted] a conta foi excluída na Meta.
    [offboarded] o telefone foi desconectado. Continua sozinho quando voltar.
    [disconnected] o acesso do app foi retirado. É preciso conectar de novo na Meta.
    [banned] a Meta suspendeu a conta. Continua sozinho se a Meta restabelecer.
    [health] a Meta o mantém bloqueado. Perguntamos a cada hora e ele continua sozinho quando a Meta permitir.
    [restricted] a Meta restringiu por um tempo.
    [spam] a Meta restringiu por bloqueios e denúncias.
   *[other] { $reason }.
}
account-barred = ⛔ { $bar ->
    [utility] A Meta não aceita modelos de utilidade deste número
   *[templates] A Meta não aceita modelos deste número
}{ $until ->
    [none] {""}
   *[other] {" "}até { $until }
}; as respostas saem como sempre.
account-held-until = Continua sozinho { $when }.
account-quality = qualidade { $quality ->
    [GREEN] alta
    [YELLOW] média
    [RED] baixa
   *[other] sem dado
}
account-pace = ritmo: até { $rate } por segundo
account-queue = fila de saída: { $waiting }
account-in-app = também está no app do telefone
account-token-until = 🔑 token até { $when }
account-token-endless = 🔑 token sem vencimento conhecido
account-token-none = 🔑 sem token
account-assumes = A janela é dada por aberta (a Meta não promete):
pause-ask = ⏸ Por que <b>{ $account }</b> fica em pausa? Escreva o motivo: nesse momento nada mais sai, e tudo espera na fila.
pause-placeholder = Motivo da pausa
resume-title = ▶️ <b>Retomar { $account }</b>
resume-means = O que espera sai em seguida: { $waiting } na fila.
checkup-title = 🧪 <b>{ $account }</b>
checkup-well = Está tudo em ordem.
checkup-amiss = Há algo a resolver.
token-form-title = 🔑 <b>Token novo para { $account }</b>
token-form-what = Tokens não se escrevem no chat. O formulário vale 15 minutos, uma vez e só para você. O token é testado antes de ser guardado; o atual continua até lá.
token-form-impossible = Tokens não se escrevem no chat, e não há um endereço https onde fazer isso (server.public_url). No servidor, com o token na variável NEW_TOKEN:
token-leaked = 🔥 <b>Isso era um token.</b> { $deleted ->
    [yes] Apaguei a mensagem.
   *[other] Não consegui apagar a mensagem: apague você.
}
token-leaked-what = Não foi enviado a ninguém. Considere vazado: revogue na Meta e coloque outro pelo número, com o botão Token novo.
token-replaced = 🔑 <b>{ $account }</b> tem um token novo, colocado por { $by }. O que esperava sai agora.
finding-token-valid = Token válido até { $until }
finding-token-endless = Token válido, sem vencimento
finding-token-missing = Não há token: coloque um novo.
finding-token-passing = O token é de uma pessoa e vence em horas: crie um para um usuário do sistema nas configurações do negócio da Meta.
finding-token-ending = O token vence { $until }: coloque um novo antes.
finding-token-refused = A Meta não aceita o token ({ $problem }): crie um novo para o usuário do sistema.
finding-token-foreign = O token é de outro app e não de { $app }: crie-o com o nosso app, ou mude whatsapp.app_id.
finding-token-not-for-account = O token não alcança a conta { $waba }: atribua essa conta ao usuário do sistema e crie um token novo.
finding-app-unknown = O app da Meta não está configurado: preencha whatsapp.app_id e whatsapp.app_secrets.
finding-scopes-granted = O token pode enviar e administrar
finding-scopes-missing = Falta ao token { $scopes }: crie um novo com essas permissões.
finding-business-read = Conta { $business }, de { $portfolio }
finding-portfolio-unknown = Conta { $business }: a Meta não diz de qual negócio é; dê ao usuário do sistema acesso ao negócio.
finding-number-elsewhere = O número { $number } não está na conta { $waba }: confira os dois identificadores.
finding-number-read = { $phone } · { $name }
finding-number-not-connected = O número está { $status }: registre-o no Gerenciador do WhatsApp.
finding-name-not-approved = O nome de exibição está { $status }: peça a aprovação no Gerenciador do WhatsApp.
finding-quality-low = Qualidade { $quality }: há pessoas que bloqueiam ou denunciam; convém enviar menos.
finding-sending-limited = A Meta só deixa enviar { $state }: veja a qualidade da conta no Gerenciador do WhatsApp.
finding-not-on-cloud = O número está em { $platform }: é preciso passá-lo para a Cloud API.
finding-in-phone-app = Também está no app do telefone: até 20 mensagens por segundo
finding-subscribed = Nosso app recebe os avisos da conta
finding-not-subscribed = Nosso app não recebe os avisos da conta: inscreva-o (centralita accounts subscribe).
finding-webhook-ours = Os avisos chegam a este endereço
finding-webhook-unset = A Meta não tem endereço para os avisos: coloque { $url } no painel do app.
finding-webhook-elsewhere = Os avisos vão para { $host }: coloque { $url } no painel do app.
finding-public-url-missing = Não se sabe para onde devem ir os avisos: preencha server.public_url.
finding-no-answer = A Meta não respondeu sobre { $about ->
    [token] o token
    [business] a conta
    [members] os números da conta
    [number] o número
   *[apps] a inscrição
} ({ $problem }): tente de novo em um momento.
finding-not-readable = A Meta não mostra { $about ->
    [token] o token
    [business] a conta
    [members] os números da conta
    [number] o número
   *[apps] a inscrição
} ({ $problem }): confira o identificador e o acesso do usuário do sistema.

## Formulário do token (uma página)

form-title = Token para { $account }
form-what = Cole o token novo da Meta. Ele é testado antes de ser guardado; o atual continua até lá.
form-label = Token
form-send = Testar e guardar
form-until = Este link é só para você, vale uma vez e até { $time }.
form-bad = Isso não parece um token: copie inteiro e sem espaços.
form-refused = Este token não serve. O anterior continua no lugar.
form-tries = { $count ->
    [one] Resta uma tentativa.
   *[other] Restam { $count } tentativas.
}
form-failed = Não foi possível testar agora e nada foi guardado. Tente de novo em um momento.
form-done = Pronto: { $account } tem um token novo.
form-done-what = O que esperava sai agora. Você pode fechar esta página.
form-gone = Este link não vale mais
form-gone-what = Foi usado, venceu ou não existe. Peça outro no Telegram.
form-busy = Visitas demais: espere um momento.

## Idioma, ajuda, o resto

language-title = 🌐 <b>Idioma</b>
language-what = Em que idioma eu falo com você?
help-title = ❓ <b>Ajuda</b>
help-what = Quase tudo se faz com botões; os comandos são atalhos.
help-reply = <b>Responder</b> responda (deslizando) à mensagem do cliente.
help-queue = <b>Fila</b> /fila · o que não pode sair sozinho.
help-find = <b>Buscar</b> <code>/c juan</code> · ficha, sequências e mensagens.
help-window = <b>Janela fechada</b> seu texto fica guardado e você escolhe: modelo ou à mão.
help-blocks = <b>Bloqueios</b> /bloqueios · suspeitas e reativação.
help-alerts = <b>Alertas</b> /alertas · o que precisa de uma pessoa.
help-why = <b>Por quê?</b> /porque respondendo a uma mensagem ou a um cartão, ou com um nome ou código.
help-rest = Também: /menu /sequencias /estado /idioma /cancelar
command-unknown = Não conheço { $command }.
command-nearest = Você quis dizer { $nearest }?
command-help = /ajuda diz o que você pode fazer.
command-start = Iniciar
command-menu = Início
command-queue = Fila manual
command-contact = Buscar um contato
command-sequences = Sequências
command-templates = Modelos do WhatsApp
command-blocks = Bloqueios
command-alerts = Alertas
command-accounts = Números
command-costs = Custos
command-why = Por que aconteceu (CÓDIGO, ou respondendo)
command-backups = Backups
command-status = Estado
command-language = Idioma
command-help-about = Ajuda
private-only = 🔒 Aqui não trabalho: escreva para mim em privado.

## Avisos ao tocar

toast-working = ⏳ Em andamento
toast-sent = ✅ A caminho · { $price }
toast-sent-template = ✅ A caminho
toast-by-hand = 📱 Anotado: enviado à mão
toast-discarded = 🗑 Descartado
toast-enrolled = 👥 Inscrito
toast-paused = ⏸ Em pausa
toast-backup-made = 🗄 Feito e comprovado
toast-backup-proven = 🔍 Comprovado: é igual
toast-resumed = ▶️ Continua
toast-resumed-unasked = ▶️ Continua, sem a Meta responder se pode
toast-taken = 🙋 Agora é seu
toast-given-back = 👋 Agora é de todos
toast-merged = 🔗 Unidos
toast-unmerged = ✂️ Separados
toast-acknowledged = 👀 Anotado
toast-believed = ↩️ Volta a ser suposto
toast-subscribed = 📨 Inscrita
toast-noted = ✅ Anotado
toast-language = 🌐 Português
toast-ignored = ✖️ Ignorado
toast-done-before = ✅ Isso já foi feito
toast-old-button = ♻️ Este botão é de antes. Abra /menu.
toast-message-gone = A mensagem original não está mais aqui. Nada foi enviado.
toast-queue-empty = 📮 Fila vazia 🎉
dialog-ended = ✖️ Cancelado.
dialog-none = Não havia nada para cancelar.

## Recusas e erros

error-not-permitted = ⛔ Seu papel não pode fazer isto. Peça a um administrador.
error-contact-not-found = Não encontro esse contato.
error-contact-changed = Esse contato acaba de mudar. Tente de novo.
error-message-not-found = Essa mensagem já não está ao seu alcance.
error-subject-not-found = Nada tem esse identificador ou código.
error-contact-unaddressed = A Meta não nos deu nem o telefone nem o identificador dessa pessoa para este número. Não foi enviada.
error-merge-not-found = Essa união não existe mais.
error-merge-undone = Essa união já foi desfeita.
error-merge-not-last = Esse contato foi unido depois a outro. Desfaça primeiro essa união.
error-merge-same = É o mesmo contato.
error-merge-not-yours = Outra pessoa cuida de uma das conversas. Peça a um administrador que una os contatos.
error-erase-word = Não era a palavra. Nada foi apagado.
error-erase-leaving = Uma mensagem para essa pessoa está saindo agora. Nada foi apagado: tente de novo em um minuto.
error-tag-invalid = Uma etiqueta tem entre 1 e { $most } caracteres.
error-tags-too-many = Já tem { $most } etiquetas: tire alguma primeiro.
error-tag-not-found = Já não tem essa etiqueta.
error-field-invalid = “{ $field }” não pode ser o nome de um dado: letras sem acento, algarismos e _; “name” é o nome da pessoa.
error-field-too-long = “{ $field }” é longo demais: até { $most } caracteres.
error-fields-too-many = Já tem { $most } dados: apague algum primeiro.
error-note-invalid = Uma nota tem entre 1 e { $most } caracteres.
error-notes-too-many = Já tem { $most } notas.
error-pending-not-found = Esse cartão não está mais na sua fila.
error-sequence-not-found = Essa sequência não existe mais.
error-enrollment-not-found = Essa inscrição não existe mais.
error-conversation-not-found = Essa conversa não está mais ao seu alcance.
error-not-in-coexistence = Esse número não está unido ao app WhatsApp Business de um telefone.
error-account-not-found = Esse número não existe mais.
error-agent-not-found = Essa pessoa não está mais na equipe.
error-template-not-found = Esse modelo não existe mais. Escolha outro.
error-templates-barred = ⛔ A Meta não aceita por enquanto esses modelos de { $account }. Não foi enviado; as respostas dentro da janela saem como sempre.
error-template-not-usable = ⏸ Esse modelo não pode ser usado agora. Escolha outro.
error-alert-not-found = Esse alerta não está mais aberto.
error-already-resolved = 🔒 { $by } já resolveu.
error-already-resolved-alone = 🔒 Já foi resolvido.
error-stale = ♻️ Isto mudou enquanto você olhava. Já está atualizado.
error-window-closed = ⚫ A janela fechou. Não foi enviado: escolha modelo ou à mão.
error-reaction-window-closed = ⚫ A janela fechou: a reação não foi enviada.
error-opted-out = 🚫 Pediu para não receber mensagens. Não foi enviado.
error-blocked = 🟥 Bloqueio confirmado: não é possível enviar.
error-marketing-stopped = 🔕 Não quer mensagens de marketing. Não foi enviado.
error-marketing-us = A Meta não entrega marketing a números dos Estados Unidos. Não foi enviado.
error-already-enrolled = Já está nessa sequência.
error-price-moved = 💱 O preço mudou para { $price }. Não foi enviado: confira e confirme de novo.
error-confirmation-expired = ⌛ Esta confirmação não vale mais (90 segundos, uma só vez).
error-text-too-long = O texto é longo demais: { $length } de { $limit } caracteres. Não foi enviado.
error-text-empty = Não há texto para enviar.
error-content-empty = { $field ->
    [body] Falta o texto
    [buttons] Faltam os botões
    [button] Falta o título do botão { $place }
    [label] Falta o título do botão
    [rows] Faltam as opções da lista
    [row] Falta o título da opção { $place }
    [section] Falta o título da seção { $place }
    [contacts] Falta o contato
    [name] Falta o nome
   *[other] Falta um dado ({ $field })
}. Nada foi enviado.
error-content-too-long = { $field ->
    [body] O texto é longo demais
    [button] O título do botão { $place } é longo demais
    [label] O título do botão é longo demais
    [row] O título da opção { $place } é longo demais
    [description] A descrição da opção { $place } é longa demais
    [section] O título da seção { $place } é longo demais
    [header] O cabeçalho é longo demais
    [footer] O rodapé é longo demais
    [url] O endereço é longo demais
    [name] O nome é longo demais
   *[other] Um dado é longo demais ({ $field })
}: { $length } de { $limit } caracteres. Nada foi enviado.
error-content-too-many = { $field ->
    [buttons] Há botões demais
    [sections] Há seções demais
    [rows] Há opções demais
    [contacts] Há contatos demais
    [phones] O contato tem telefones demais
   *[other] Há demais de algo ({ $field })
}: { $count }, e o WhatsApp aceita { $limit }. Nada foi enviado.
error-content-twice = { $field ->
    [button] O botão { $place } tem o nome de outro
   *[other] Um dado se repete ({ $field }, { $place })
}. Nada foi enviado.
error-content-url = O endereço deve começar com https:// e nomear um site. Nada foi enviado.
error-content-location = Essas coordenadas não existem. Nada foi enviado.
error-content-phone = O telefone do contato não serve ({ $place }). Nada foi enviado.
error-content-emoji = O WhatsApp aceita um só emoji como reação. Nada foi enviado.
error-content-no-message = Só se pode reagir a mensagens do cliente dos últimos 30 dias. Nada foi enviado.
error-account-paused = ⏸ { $account } está em pausa. Não foi enviado.
error-account-held = 🔑 { $account } está parado. Não foi enviado; os administradores sabem.
error-sequence-not-active = ⏸ Essa sequência não está ativa.
error-sequence-of-another-account = Esta sequência é de outro dos nossos números.
error-several-accounts = Escreve para vários dos nossos números; indique um: { $accounts }.
error-nothing-to-resume = Não há nada para retomar.
error-nothing-to-pause = Não há nada para pausar.
error-not-blocked = Não há nenhum bloqueio para levantar.
error-code-invalid = Esse código não vale: foi usado, venceu ou não existe.
error-assumption-unknown = Essa suposição não existe mais.
error-language-unknown = Não falo esse idioma.
error-storage-unavailable = 🛠 O banco de dados não responde. Nada foi feito; tente em um momento.
error-duplicate = Isso já está feito: alguém foi mais rápido.
error-inconsistent = Algo de que isto depende não existe mais. Nada foi feito.
error-concurrent-change = Outra pessoa estava mudando isto ao mesmo tempo. Nada foi feito; tente de novo.
error-not-storable = Esse texto tem caracteres que não podem ser guardados. Nada foi feito.
error-account-exists = Esse número já está cadastrado.
error-account-blocked = 🔴 A Meta o mantém bloqueado: continua parado. O alerta diz por quê; seguirá sozinho quando a Meta permitir.
error-account-not-usable = Falta algo indispensável. O número não foi adicionado.
error-account-removed = Esse número foi retirado. Não foi enviado.
error-accounts-need-care = Há números com algo pendente.
error-business-shared = Outros números usam a mesma conta ({ $accounts }): sem os avisos dela ficariam surdos.
error-token-not-usable = O token novo não serve. Continua o anterior.
error-agent-exists = Essa pessoa já está na equipe.
error-token-not-found = Esse número não tem token.
error-token-missing = Esse número não tem um token que sirva.
error-token-invalid = A Meta não aceita o token desse número. Um administrador precisa colocar outro.
error-misconfigured = Falta um ajuste ou está errado.
error-doctor-found-gaps = Falta algo para poder funcionar.
error-job-failed = A tarefa falhou.
error-keys-in-environment = As chaves estão no ambiente: são trocadas lá.
error-audit-broken = A cadeia da auditoria está quebrada: algo que estava selado mudou.
error-sequence-file-invalid = O arquivo de sequências está errado em { $field }: { $problem }
error-unreadable-webhook = O que chegou não é um aviso do WhatsApp.
error-unexpected = Não foi possível. Se era um envio, não o considere enviado. Código { $reference }.

## Envios que a Meta não aceita

error-permission-missing = O token desse número não tem permissão para isto. Dê a permissão na Meta, ou coloque outro.
error-number-gone = A Meta não conhece mais esse número. Procure-o no WhatsApp Manager; se não está mais, remova-o daqui.
error-policy-violation = A Meta bloqueou a conta por suas políticas. Veja o motivo no WhatsApp Manager e peça uma revisão.
error-account-locked = A Meta bloqueou a conta. Veja o motivo no WhatsApp Manager e peça uma revisão.
error-display-name-missing = O número não tem um nome aprovado. Peça a aprovação no WhatsApp Manager.
error-payment = Há um problema de pagamento com a Meta. Confira o meio de pagamento no WhatsApp Manager.
error-number-not-registered = O número não está registrado no WhatsApp. Registre-o no WhatsApp Manager.
error-number-invalid = Esse número está escrito errado nos ajustes.
error-number-in-maintenance = O número está em manutenção; tenta-se de novo.
error-app-limit = A Meta pede para esperar: chamadas demais do aplicativo. Continua sozinho.
error-app-unknown = Faltam o id e o segredo do aplicativo da Meta.
error-account-limit = A Meta pede para esperar: chamadas demais da conta. Continua sozinho.
error-rate-limit = O número envia rápido demais; continua mais devagar.
error-spam-limit = A Meta freou o número: muitos o bloqueiam ou denunciam. Descansa algumas horas; depois, envie menos e só o que as pessoas esperam.
error-pair-limit = Mensagens demais seguidas para esta pessoa; sai um pouco depois.
error-lease-short = Não houve tempo; tenta-se de novo.
error-meta-unknown = A Meta teve um problema desconhecido. Envie de novo se vir que não chegou.
error-meta-unavailable = A Meta não está disponível agora. Envie de novo daqui a pouco se vir que não chegou.
error-graph-unreachable = Não há conexão com a Meta; tenta-se de novo.
error-no-answer = A Meta não respondeu: pode ter saído.
error-unreadable-answer = Não se entendeu a resposta da Meta.
error-unknown-error = A Meta deu um erro que não conheço. Não repita como está: pergunte à Meta o que significa o código.
error-blocked-by-us = Esta pessoa está bloqueada no nosso WhatsApp. Desbloqueie-a lá antes de escrever.
error-experiment = A Meta não entrega a esta pessoa por um experimento seu. Não repita: responda quando ela escrever.
error-country-restricted = A Meta não permite escrever para esse país. Fale com a pessoa por outro meio.
error-recipient-not-allowed = Esta pessoa não está na lista de teste da Meta. Adicione-a na Meta, ou escreva de um número que não seja de teste.
error-recipient-is-sender = O número não pode escrever para si mesmo. Escolha outra pessoa.
error-identity-changed = A pessoa trocou de telefone. Confirme que ainda é ela antes de enviar de novo.
error-marketing-capped = A Meta limita o marketing a esta pessoa por enquanto. Espere alguns dias, ou responda quando ela escrever.
error-marketing-only = Por este caminho só sai marketing. Escolha um modelo de marketing.
error-marketing-api-only = Esse modelo só sai pela API de marketing. Permita o marketing pela Cloud API no WhatsApp Manager, ou escolha outro.
error-undeliverable = O WhatsApp não conseguiu entregar a essa pessoa. Talvez não tenha WhatsApp ou precise atualizá-lo: fale com ela por outro meio.
error-phone-required = É preciso o telefone dessa pessoa. Peça a ela.
error-template-invalid = O nome ou o idioma do modelo está errado.
error-template-missing = Esse modelo não existe nesse idioma. Escolha outro, ou crie-o no WhatsApp Manager.
error-template-parameters = Os dados não cabem no modelo. Corrija-os e envie de novo.
error-template-parameter-empty = Falta um dado do modelo.
error-template-parameter-too-long = Um dado do modelo é longo demais.
error-template-text-too-long = O texto do modelo fica longo demais. Encurte os dados.
error-template-policy = O modelo viola as políticas da Meta. Escolha outro, ou corrija-o no WhatsApp Manager.
error-template-paused = A Meta pausou esse modelo. Escolha outro, ou espere que volte.
error-template-disabled = A Meta desativou esse modelo. Não volta: escolha outro.
error-template-limit = A Meta freou os modelos porque alguns têm a categoria errada. Corrija as categorias no WhatsApp Manager.
error-template-syncing = A Meta está sincronizando esse modelo. Tenta-se de novo em alguns minutos.
error-template-unavailable = Esse modelo não está disponível agora. Tenta-se de novo; se não adiantar, escolha outro.
error-template-place-unreadable = Isso não é um lugar: mande uma localização, ou “latitude, longitude”.
error-template-file-missing = Este modelo leva um arquivo no topo: mande como foto, vídeo ou documento.
error-template-without-values = Este modelo não tem dados para mudar.
error-dialog-over = Isso ficou pela metade há um tempo. Escolha o modelo de novo.
error-template-header-kind = Esse arquivo não pode ficar no topo do modelo.
error-flow-blocked = O formulário do modelo está bloqueado. Escolha outro, ou conserte o formulário no WhatsApp Manager.
error-flow-limit = O formulário do modelo está freado. Tenta-se de novo em uma hora.
error-flow-invalid = O formulário não serve. Conserte-o no WhatsApp Manager.
error-invalid-parameter = A Meta não aceita a mensagem como está. Mude-a antes de enviar de novo.
error-invalid-cursor = A Meta não reconhece a página pedida. Peça a lista de novo.
error-unsupported-type = A Meta não aceita esse tipo de mensagem. Envie de outra forma.
error-file-empty = O arquivo está vazio. Não foi enviado.
error-file-unreadable = O arquivo está danificado ou não é o que diz ser. Não foi enviado.
error-file-too-complex = O arquivo exige demais (pontos, quadros, memória ou tempo). Não foi enviado; tente um menor.
error-file-too-long = É longo demais para caber no que o WhatsApp aceita. Não foi enviado; mande em partes.
error-file-type = O WhatsApp não aceita arquivos deste tipo ({ $type }). Não foi enviado.
error-file-too-large = O arquivo é grande demais: o WhatsApp aceita até { $limit }. Não foi enviado.
error-file-too-large-for-telegram = O arquivo é grande demais: o Telegram entrega aos bots até 20 MB. Não foi enviado.
error-file-not-fetched = O Telegram não entregou o arquivo. Não foi enviado; mande de novo.
error-file-gone = O arquivo não está mais guardado. Mande de novo.
error-caption-impossible = O WhatsApp não mostra texto junto de áudios, mensagens de voz ou figurinhas. Não foi enviado; mande o texto à parte.
error-caption-too-long = O texto do arquivo é longo demais: { $length } de { $limit } caracteres. Não foi enviado; mande o texto à parte.
error-upload-failed = O arquivo ainda não chegou à Meta; tenta-se de novo.
error-media-not-found = Esse arquivo não existe.
error-media-not-kept = O arquivo não está aqui: não chegou, foi recusado ou foi apagado no prazo.
error-media-too-old = O arquivo tem mais de sete dias: a Meta já não o tem.
error-media-unavailable = Não foi possível baixar o arquivo. Peça que o mandem de novo.
error-media-refused = A Meta não aceita esse arquivo. Salve-o como JPG, MP4 ou PDF e mande de novo.
error-media-gone = A Meta não tem mais esse arquivo.
error-media-too-large = O arquivo é grande demais.
error-media-foreign-host = A Meta deu um endereço que não é dela.
error-media-redirected = A Meta remeteu a outro lugar.
error-media-store-unavailable = O armazenamento de arquivos não responde.
error-message-unavailable = Essa mensagem não está mais no WhatsApp. Procure-a no telefone.
error-payments-terms = Falta aceitar os termos de pagamento do WhatsApp. Aceite-os no WhatsApp Manager.
error-already-verified = O número já estava verificado. Não há nada a fazer.
error-groups = Os grupos do WhatsApp não funcionam daqui. Use o telefone.
error-calling = As chamadas do WhatsApp não funcionam daqui. Use o telefone.
error-block-list = A Meta não aceitou a mudança na lista de bloqueados. Só dá para bloquear quem escreveu nas últimas 24 horas.
error-management-refused = A Meta não aceitou a mudança de um modelo ou número. Faça-a no WhatsApp Manager.
error-usernames = A Meta não aceitou o nome de usuário. Escolha outro no WhatsApp Manager.
error-backup-broken = O backup está danificado.
error-backup-key = Esse backup foi cifrado com outra chave.
error-backup-not-found = Esse backup não existe.
error-backup-schema = O backup é de outra versão do programa: restaure-o com ela e atualize depois.
error-backup-store-unavailable = O armazenamento de backups não responde.
error-restore-not-empty = O banco de dados não está vazio.
error-restore-served = Outro processo usa o banco de dados: pare-o antes.
error-sync-asked-before = A Meta já entregou isso uma vez; para repetir é preciso desconectar o número e conectá-lo de novo.
error-sync-too-late = Passaram mais de 24 horas desde que o número foi conectado; é preciso desconectá-lo e conectá-lo de novo.
error-sync-declined = O dono do telefone não quis compartilhar o histórico. Para tê-lo, desconecte o número, conecte-o de novo e aceite.
error-recipient-invalid = Não há um número para escrever.
error-context-invalid = A mensagem citada não pode ser citada.
error-content-unreadable = Outra versão do programa escreveu esta mensagem.
error-opaque-invalid = A mensagem não leva a sua marca; não foi enviada.
