### A primeira história: o que conta quem narra e o que escrevem as pessoas.

## Moldura

title = Centralita · onze dias em menos de um minuto
subtitle = O programa de verdade, entre um WhatsApp e um Telegram simulados e com um relógio que salta. Nada sai desta máquina.
whatsapp-of = WhatsApp de { $name }
telegram-of = Telegram de { $name }
types-on-phone = { $name } escreve no telefone da loja: { $text }
meta = API da Meta
writes-command = { $name } escreve { $text }
answers-with = { $name } responde a essa mensagem: { $text }
presses = { $name } toca em { $label }
call-template = modelo { $template } · { $language } · { $category } → aceito
call-text = texto livre · dentro da janela → aceito
tick = { $tick ->
    [sent] ✓ enviada
    [delivered] ✓✓ entregue
    [read] ✓✓ lida
   *[accepted] … a caminho
}

## O que as pessoas escrevem

shop = Loja
sequence = Boas-vindas
template-language = pt_BR
template-name = acompanhamento
command-queue = /fila
command-blocks = /bloqueios
leo-asks = Oi, tem em estoque?
mia-asks = Bom dia, vocês entregam?
sol-asks = Oi, quero encomendar dois
tom-asks = Abrem aos domingos?
step-one = Oi {"{name}"}, aqui vai o catálogo com os preços.
step-two = Vamos seguir com o seu pedido, {"{name}"}? Guardei o preço.
step-three = Esta semana tem novidade, {"{name}"}.
template-follow-up = Oi {"{{1}}"}, o seu pedido continua reservado. Confirmamos?
template-promo = Oi {"{{1}}"}, hoje tudo com 20 % de desconto.
leo-price = Quanto custa com entrega?
ana-price = Dez mil, com entrega.
ana-by-hand = Vamos seguir com o seu pedido Sol? Guardei o preço 🙂
ana-sol-one = A que horas posso levar?
ana-sol-two = Me avise que eu guardo.
leo-thanks = Chegou tudo, obrigado!
ana-thanks = Que bom! Quando quiser.
ana-thanks-again = Obrigada, Leo!
ana-tom-one = Sim, das dez às duas.
ana-tom-two = Separo alguma coisa?
ana-tom-three = Oi, Tom?

## Cenas

scene-writes = Leo escreve pelo WhatsApp. Ana lê no Telegram, e a sequência «{ $sequence }» começa sozinha.
scene-first-step = Duas horas depois sai o primeiro passo. A janela de 24 horas está aberta: sai sozinho e sem pedir licença.
scene-answers = Leo responde e a sequência dele pausa. Ana responde pelo Telegram.
scene-waits = Três dias depois chega a vez do segundo passo de Mía e de Sol, mas as janelas já fecharam. Nada sai sozinho: espera por uma pessoa.
scene-approves = Ana aprova o de Mía com os botões: escolhe o modelo, vê o preço, confirma.
scene-by-hand = O de Sol ela escreve à mão, no telefone da loja. O WhatsApp repete como eco, e o cartão se fecha sozinho.
scene-suspects = Sol fica sem sinal. Duas mensagens seguidas sem entrega por 72 horas: possível bloqueio. Ana fica sabendo.
scene-refutes = O sinal volta. As mensagens chegam tarde, e a suspeita cai na hora.
scene-confirms = Tom bloqueou mesmo a loja. Três mensagens no silêncio: bloqueio confirmado, e nada mais é enviado a ele.
scene-reactivates = Tom avisa no balcão: foi sem querer e já desfez. Ana o reativa com um botão.
scene-flows = A sequência dele segue de onde estava. O passo espera por Ana, ela aprova, e Tom recebe.
scene-end = A conta final.

## Verificações

check-seen = Ana lê a mensagem no Telegram
check-walk-began = a ficha de Leo diz que a sequência espera o primeiro passo
check-step-arrived = os três telefones têm a sua mensagem, com o seu nome, e leram
check-within-window = a Meta aceitou como texto livre dentro da janela
check-paused = a ficha de Leo diz: em pausa porque respondeu
check-answered = a resposta chegou ao telefone de Leo, e Ana recebeu o seu 👌
check-held-back = nada saiu para Mía nem para Sol
check-in-queue = os dois esperam na fila de Ana
check-price-first = Ana viu o preço ({ $price }) antes de sair qualquer coisa
check-sent-once = a Meta recebeu o modelo uma única vez
check-template-arrived = Mía leu no telefone dela
check-closed-itself = o cartão de Sol se fechou sozinho, e a fila ficou vazia
check-not-repeated = o programa não enviou nada: a mensagem chegou uma única vez
check-suspected = o alerta de Ana diz: provável, 95 %
check-walk-stopped = a sequência de Sol está em pausa
check-arrived-late = as duas mensagens chegaram ao telefone de Sol
check-cleared = não resta nenhuma suspeita aberta
check-walk-on = a sequência de Sol continua
check-confirmed = o alerta de Ana diz: confirmado, 99 %
check-silence = nenhuma das três chegou a Tom
check-stopped = o que Ana tenta enviar a ele é recusado e não sai
check-reactivated = o botão o reativou, e o passo que faltava tem data
check-flows = o modelo chegou ao telefone de Tom
check-once = nenhum telefone recebeu duas vezes a mesma mensagem
check-no-repeat = cada envio saiu uma única vez
check-webhooks = os { $count } avisos da Meta foram guardados e aplicados
check-refusals = a Meta não recusou nada
check-queue-empty = não resta nada na fila

## Resumo

summary-title = O que cada um viu
summary-who = quem
summary-saw = o que viu
summary-customer = { $received ->
    [one] 1 mensagem no telefone
   *[other] { $received } mensagens no telefone
}{ $lost ->
    [0] {""}
   *[other] {" "}· { $lost } que o bloqueio engoliu
} · escreveu { $wrote }
summary-agent = { $messages ->
    [one] 1 mensagem de cliente
   *[other] { $messages } mensagens de clientes
} · { $alerts ->
    [one] 1 alerta
   *[other] { $alerts } alertas
} · { $presses ->
    [one] 1 botão tocado
   *[other] { $presses } botões tocados
}
summary-meta = { $texts ->
    [one] 1 texto
   *[other] { $texts } textos
} e { $templates ->
    [one] 1 modelo
   *[other] { $templates } modelos
} aceitos · { $refused } recusas · { $webhooks } avisos entregues
summary-program = { $pending } na fila · { $dead } avisos sem entender · { $days } dias simulados
summary-true = { $count } de { $all } verificações, todas verdadeiras.
summary-false = Algo não se cumpriu: { $count } de { $all } verificações verdadeiras.
broken = Isto não se cumpriu
page-at = A demonstração está aberta em { $url } (Ctrl+C encerra).
bye = Até logo.
