### La primera historia: lo que cuenta quien la narra y lo que escriben sus personas.

## Marco

title = Centralita · once días en menos de un minuto
subtitle = El programa de verdad, entre un WhatsApp y un Telegram simulados y con un reloj que salta. Nada sale de esta máquina.
whatsapp-of = WhatsApp de { $name }
telegram-of = Telegram de { $name }
types-on-phone = { $name } escribe en el teléfono de la tienda: { $text }
meta = API de Meta
writes-command = { $name } escribe { $text }
answers-with = { $name } responde a ese mensaje: { $text }
presses = { $name } pulsa { $label }
call-template = plantilla { $template } · { $language } · { $category } → aceptada
call-text = texto libre · dentro de la ventana → aceptado
tick = { $tick ->
    [sent] ✓ enviado
    [delivered] ✓✓ entregado
    [read] ✓✓ leído
   *[accepted] … en camino
}

## Lo que escriben las personas

shop = Tienda
sequence = Bienvenida
template-language = es_AR
template-name = seguimiento
command-queue = /cola
command-blocks = /bloqueos
leo-asks = Hola, ¿tienen stock?
mia-asks = Buenas, ¿hacen envíos?
sol-asks = Hola, quiero encargar dos
tom-asks = ¿Abren los domingos?
step-one = Hola {"{name}"}, aquí va el catálogo con los precios.
step-two = ¿Seguimos con tu pedido, {"{name}"}? Te guardo el precio.
step-three = Esta semana hay novedades, {"{name}"}.
template-follow-up = Hola {"{{1}}"}, tu pedido sigue reservado. ¿Lo confirmamos?
template-promo = Hola {"{{1}}"}, hoy todo con 20 % de descuento.
leo-price = ¿Cuánto cuesta con envío?
ana-price = Diez mil, con envío.
ana-by-hand = ¿Seguimos con tu pedido Sol? Te guardo el precio 🙂
ana-sol-one = ¿A qué hora te lo dejo?
ana-sol-two = Avísame y te lo guardo.
leo-thanks = ¡Llegó todo, gracias!
ana-thanks = ¡Qué bueno! Cuando quieras.
ana-thanks-again = ¡Gracias a ti, Leo!
ana-tom-one = Sí, de diez a dos.
ana-tom-two = ¿Te reservo algo?
ana-tom-three = ¿Hola, Tom?

## Escenas

scene-writes = Leo escribe por WhatsApp. Ana lo lee en Telegram, y la secuencia «{ $sequence }» empieza sola.
scene-first-step = Dos horas después sale el primer paso. La ventana de 24 horas está abierta: sale solo y sin pedir permiso.
scene-answers = Leo contesta y su secuencia se pausa. Ana le responde desde Telegram.
scene-waits = Tres días después toca el segundo paso de Mía y de Sol, pero sus ventanas ya se cerraron. Nada sale solo: espera a una persona.
scene-approves = Ana aprueba el de Mía con los botones: elige la plantilla, ve el precio, confirma.
scene-by-hand = El de Sol lo escribe a mano, en el teléfono de la tienda. WhatsApp lo repite como eco, y la tarjeta se cierra sola.
scene-suspects = Sol se queda sin señal. Dos mensajes seguidos sin entregar durante 72 horas: posible bloqueo. Ana se entera.
scene-refutes = Vuelve la señal. Los mensajes llegan tarde, y la sospecha cae en el acto.
scene-confirms = Tom sí bloqueó a la tienda. Tres mensajes en silencio: bloqueo confirmado, y no se le envía nada más.
scene-reactivates = Tom avisa en el mostrador: fue sin querer y ya lo quitó. Ana lo reactiva con un botón.
scene-flows = Su secuencia sigue donde estaba. El paso espera a Ana, ella lo aprueba, y a Tom le llega.
scene-end = Las cuentas del final.

## Comprobaciones

check-seen = Ana lee el mensaje en Telegram
check-walk-began = la ficha de Leo dice que su secuencia espera el primer paso
check-step-arrived = los tres teléfonos tienen su mensaje, con su nombre, y lo leyeron
check-within-window = Meta los aceptó como texto libre dentro de la ventana
check-paused = la ficha de Leo dice: en pausa porque respondió
check-answered = la respuesta llegó al teléfono de Leo, y Ana recibió su 👌
check-held-back = nada salió hacia Mía ni hacia Sol
check-in-queue = los dos esperan en la cola de Ana
check-price-first = Ana vio el precio ({ $price }) antes de que saliera nada
check-sent-once = Meta recibió la plantilla una sola vez
check-template-arrived = Mía la leyó en su teléfono
check-closed-itself = la tarjeta de Sol se cerró sola, y la cola quedó vacía
check-not-repeated = el programa no envió nada: el mensaje llegó una sola vez
check-suspected = la alerta de Ana dice: probable, 95 %
check-walk-stopped = la secuencia de Sol está en pausa
check-arrived-late = los dos mensajes llegaron al teléfono de Sol
check-cleared = no queda ninguna sospecha abierta
check-walk-on = la secuencia de Sol sigue
check-confirmed = la alerta de Ana dice: confirmado, 99 %
check-silence = a Tom no le llegó ninguno de los tres
check-stopped = lo que Ana intenta enviarle se rechaza y no sale
check-reactivated = el botón lo reactivó, y el paso que faltaba tiene fecha
check-flows = la plantilla llegó al teléfono de Tom
check-once = ningún teléfono recibió dos veces el mismo mensaje
check-no-repeat = cada envío salió una sola vez
check-webhooks = los { $count } avisos de Meta se guardaron y se aplicaron
check-refusals = Meta no rechazó nada
check-queue-empty = no queda nada en la cola

## Resumen

summary-title = Qué vio cada quien
summary-who = quién
summary-saw = qué vio
summary-customer = { $received ->
    [one] 1 mensaje en su teléfono
   *[other] { $received } mensajes en su teléfono
}{ $lost ->
    [0] {""}
   *[other] {" "}· { $lost } que el bloqueo se tragó
} · escribió { $wrote }
summary-agent = { $messages ->
    [one] 1 mensaje de cliente
   *[other] { $messages } mensajes de clientes
} · { $alerts ->
    [one] 1 alerta
   *[other] { $alerts } alertas
} · { $presses ->
    [one] 1 botón pulsado
   *[other] { $presses } botones pulsados
}
summary-meta = { $texts ->
    [one] 1 texto
   *[other] { $texts } textos
} y { $templates ->
    [one] 1 plantilla
   *[other] { $templates } plantillas
} aceptados · { $refused } rechazos · { $webhooks } avisos entregados
summary-program = { $pending } en cola · { $dead } avisos sin entender · { $days } días simulados
summary-true = { $count } de { $all } comprobaciones, todas ciertas.
summary-false = Algo no se cumplió: { $count } de { $all } comprobaciones ciertas.
broken = Esto no se cumplió
page-at = La demostración está abierta en { $url } (Ctrl+C lo termina).
bye = Hasta luego.
