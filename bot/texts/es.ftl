### Español neutro: sin vos ni vosotros, verbos en infinitivo en los botones. cola = pending manual queue, ventana = ventana de 24 h.

## Tiempo y dinero

time-now = ahora
time-today = hoy { $time }
time-tomorrow = mañana { $time }
time-yesterday = ayer { $time }
price-unknown = sin tarifa cargada
price-free = sin costo
price-free-entry = sin costo (72 h por anuncio)
price-unless-free = { $price }, salvo que entre en los { $free } mensajes gratis al mes de Meta
category-name = { $category ->
    [marketing] marketing
    [utility] utilidad
    [authentication] autenticación
    [service] servicio
   *[other] { $word }
}
template-reason = { $reason ->
    [ABUSIVE_CONTENT] contenido abusivo
    [INCORRECT_CATEGORY] la categoría no corresponde
    [TAG_CONTENT_MISMATCH] el idioma o la categoría no corresponden al contenido
    [INVALID_FORMAT] formato inválido
    [SCAM] parece una estafa
    [PROMOTIONAL] es promocional
    [FIRST_PAUSE] primera pausa por calidad
    [SECOND_PAUSE] segunda pausa por calidad
    [RATE_LIMITING_PAUSE] pausa por ritmo de envío
    [none] sin motivo conocido
   *[other] { $word }
}

## Botones (anchos: 36 solo, 20 de a dos, 13 de a tres, 10 de a cuatro)

button-menu = ‹ Menú
button-back = ‹ Volver
button-cancel = Cancelar
button-first = ⏮ Inicio
button-backups = 🗄 Respaldos
button-backup-now = 🗄 Respaldar ahora
button-backup-prove = 🔍 Comprobar el último
button-more = Más ›
button-next = ▶️ Siguiente
button-start = ▶️ Empezar
button-queue = { $count ->
    [0] 📮 Cola
   *[other] 📮 Cola { $count }
}
button-alerts = { $count ->
    [0] 🔔 Alertas
   *[other] 🔔 Alertas { $count }
}
button-find = 🔎 Buscar contacto
button-find-again = 🔎 Buscar de nuevo
button-sequences = 🔁 Secuencias
button-blocks = 🚫 Bloqueos
button-costs = 💵 Costos
button-forecast = 🔮 Próximos días
button-days = { $days } días
button-today = Hoy
button-week = 7 días
button-month = Mes
button-by-category = Por tipo
button-by-account = Por número
button-by-sequence = Por secuencia
button-by-market = Por país
button-status = 📊 Estado
button-help = ❓ Ayuda
button-language = 🌐 Idioma
button-one-by-one = ▶️ Resolver uno por uno
button-send-now = ✅ Enviar ahora
button-send-for = ✅ Enviar por { $price }
button-send-unpriced = ✅ Enviar sin conocer el precio
button-template = 💳 Plantilla
button-other-template = 📄 Otra
button-values = ✏️ Datos
button-keep-value = ✔️ Dejar como está
button-by-hand = 📱 A mano
button-discard = 🗑 Descartar
button-contact = 👤 Ficha
button-to-queue = ‹ Cola
button-to-sequences = ‹ Secuencias
button-to-blocks = ‹ Bloqueos
button-see-pending = 📮 Ver tarjeta
button-copy-text = 📋 Copiar texto
button-copy-phone = 📋 Copiar teléfono
button-open-whatsapp = ↗️ Abrir WhatsApp
button-sent-it = ✅ Ya lo envié
button-reply = ✍️ Responder
button-compose = 🔘 Botones
button-form-buttons = 🔘 Botones
button-form-list = 📋 Lista
button-form-link = 🔗 Enlace
button-form-phone = 📞 Pedir teléfono
button-send-this = ✅ Enviar así
button-start-over = ✏️ Empezar de nuevo
button-enroll = 👥 Inscribir
button-pause = ⏸ Pausar
button-resume = ▶️ Reanudar
button-take = 🙋 Tomar
button-give-back = 👋 Soltar
button-reactivate = ♻️ Reactivar
button-reactivate-now = ♻️ Sí, reactivar
button-merge = 🔗 Unir con { $contact }
button-merge-now = 🔗 Sí, unir
button-unmerge = ✂️ Deshacer la unión
button-unmerge-now = ✂️ Sí, separar
button-why = ❓ Por qué
button-why-contact = ❓ Este contacto
button-erase = 🗑 Olvidar a esta persona
button-labels = 🏷 Ficha
button-tag = 🏷 Etiqueta
button-field = 📇 Dato
button-note = 📝 Nota
button-acknowledge = 👀 Me ocupo
button-all-alerts = 🔔 Ver todas
button-believe-again = ↩️ Volver a suponerlo
button-accounts = 📱 Números
button-to-accounts = ‹ Números
button-account = 📱 Ver el número
button-new-token = 🔑 Token nuevo
button-open-form = 🔐 Abrir el formulario
button-check = 🧪 Revisar con Meta
button-subscribe = 📨 Suscribir
button-resume-now = ▶️ Sí, reanudar
button-assume-manual = { $on ->
    [yes] ✅
   *[other] ⬜
} Desde el teléfono
button-assume-start = { $on ->
    [yes] ✅
   *[other] ⬜
} Inicio de plan
button-do-it = ▶️ Ejecutar
button-ignore = ✖️ Ignorar

## Inicio

home-hello = 🏠 <b>Hola, { $name }</b>
home-calm = Todo al día ✨ Nada te espera.
home-waiting = { $pending ->
    [0] Cola vacía
   *[other] <b>{ $pending }</b> en cola
} · { $alerts ->
    [0] sin alertas
    [one] 1 alerta
   *[other] { $alerts } alertas
}
home-numbers = Ventanas abiertas: { $windows } · Números: { $accounts }
welcome = 👋 <b>Te doy la bienvenida, { $name }</b> · { $role ->
    [admin] administrador
    [agent] agente
   *[viewer] lector
}
welcome-what = Aquí llegan los mensajes de los clientes, lo que espera tu decisión y las alertas.

## Cola manual

queue-title = 📮 <b>Cola manual</b> · { $count }
queue-what = Envíos que esperan a una persona. Nada sale solo de aquí.
queue-empty-title = 📮 <b>Cola vacía</b> 🎉
queue-empty = Ningún envío espera una decisión.
queue-line = { $icon } <b>{ $code }</b> { $contact } · «{ $text }» · { $ago }
pending-title = 📮 <b>{ $code }</b> · <b>{ $contact }</b> · { $ago }
pending-where = { $phone } · vía <b>{ $account }</b>
pending-from-agent = Origen: 💬 respuesta de una persona
pending-from-sequence = Origen: 🔁 { $sequence }, paso { $step } de { $steps }
pending-ready = 🟢 El texto puede salir ya · { $price }
pending-unknown = ❓ <b>Quizá ya salió:</b> WhatsApp no contestó. Enviarlo otra vez puede repetirlo.
pending-rejected = 🟥 Meta no lo aceptó: hace falta una persona.
pending-template = { $reason ->
    [template_missing] 📄 La plantilla <b>{ $template }</b> ya no existe en Meta, o no en ese idioma. Elige otra.
    [template_unusable] ⏸ Meta no deja usar ahora la plantilla <b>{ $template }</b>. Espera a que vuelva, o elige otra.
    [template_marketing] 🔕 La plantilla <b>{ $template }</b> ahora es de marketing, y esta persona no quiere marketing.
    [template_barred] ⛔ Meta no aceptaba la plantilla <b>{ $template }</b> de este número cuando iba a salir.
    [budget] 🎯 La plantilla <b>{ $template }</b> pasa el presupuesto del mes. Sale solo si la apruebas por plantilla.
    [template_price] 💱 La plantilla <b>{ $template }</b> costaría más de lo acordado.
   *[other] ✏️ Los datos no encajan en la plantilla <b>{ $template }</b> como está hoy. Vuelve a elegirla y complétala.
}
pending-template-works = 🟢 La plantilla <b>{ $template }</b> vuelve a funcionar: puede salir por plantilla.
pending-template-price = 💱 <b>No se envió: costaría más.</b> <b>{ $template }</b>, acordado: { $before } ({ $was }); ahora: { $price } ({ $now }). Para aceptarlo, enviar por plantilla.
pending-last = Último mensaje suyo: { $ago } «{ $text }»
kept-title = ⚫ <b>No se envió</b> · ventana cerrada con { $contact }
kept-what = Tu texto quedó guardado en la cola:
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
        [person] a mano, lo declaró { $by }
       *[program] enviado desde el teléfono
    }
    [skipped] { $seen ->
        [person] descartado por { $by }
       *[program] descartado
    }
   *[obsolete] ya no hace falta
} { $when }
by-hand-title = 📱 <b>Enviar a mano</b> · { $code } · { $contact }
by-hand-steps =
    1 Copiar el texto
    2 Abrir WhatsApp con <b>{ $account }</b> en tu teléfono
    3 Pegar, enviar y volver a marcarlo
by-hand-steps-elsewhere =
    1 Copiar el texto
    2 Abrir WhatsApp en tu teléfono. <b>{ $account }</b> no está en la app: saldrá de tu propio número
    3 Pegar, enviar y volver a marcarlo
by-hand-above = El texto está en el mensaje de arriba ⬆️
by-hand-file = 📎 El archivo está en tu chat con el bot: guárdalo y adjúntalo en WhatsApp.
templates-title = 📄 <b>Plantillas para { $contact }</b>
templates-what = Precio por mensaje entregado, tarifa del { $card }.
templates-empty = No hay plantillas aprobadas que sirvan aquí. Se piden en el administrador de WhatsApp de Meta.
templates-line = { $number } <b>{ $name }</b> · { $category } · { $price } · { $icon } { $language } { $quality }
    <i>{ $text }</i>
templates-unusable = { $count ->
    [one] ⏸ { $count } más que Meta no deja usar ahora: /plantillas
   *[other] ⏸ { $count } más que Meta no deja usar ahora: /plantillas
}
template-ask-title = 📄 <b>{ $template }</b> para <b>{ $contact }</b> · dato { $number } de { $count }
template-ask = { $kind ->
    [file] Manda { $media ->
        [image] la imagen
        [video] el video
       *[document] el documento
    } que va arriba.
    [place] Manda la ubicación que va arriba (o «latitud, longitud»).
    [url] Escribe el final del enlace del botón «{ $name }».
    [code] Escribe el código que copia el botón «{ $name }».
    [header] Escribe el dato «{ $name }» del título.
   *[body] Escribe el dato «{ $name }».
}
template-ask-now = Ahora: <b>{ $value }</b>
template-list-title = { $count ->
    [0] 📄 <b>Plantillas</b>
   *[other] 📄 <b>Plantillas</b> · { $count }
}
template-list-empty = No hay ninguna todavía. Se crean en el administrador de WhatsApp de Meta y aparecen aquí solas.
template-list-line = { $icon } <b>{ $name }</b> · { $language } · { $category } · { $state } { $quality }
template-title = { $icon } <b>{ $name }</b> · { $language } · { $category }
template-is = Estado: { $state }
template-state = { $state ->
    [approved] aprobada
    [paused] pausada por Meta
    [pending] en revisión
    [rejected] rechazada
    [disabled] desactivada
    [archived] archivada
    [in_appeal] en apelación
    [limit_exceeded] límite de plantillas alcanzado
    [deleted] borrada
    [refused] Meta rechazó el último envío; se vuelve a leer
   *[other] { $word }
}
template-why = Motivo: { $reason }
template-until = Pausada hasta: { $when }
template-quality = Calidad: { $icon } { $quality ->
    [GREEN] alta
    [YELLOW] media
    [RED] baja
   *[UNKNOWN] sin datos todavía
}
template-was = Antes era de { $category }.
template-becomes = Meta la pasa a { $category }: { $when }.
template-unfit = Tiene una parte que no se puede completar desde aquí ({ $part }).
template-unread = Meta todavía no dijo qué contiene; se lee en unos minutos.
template-seen = Visto { $ago }.
market-north-america = Norteamérica
market-rest-of-africa = Resto de África
market-rest-of-asia-pacific = Resto de Asia-Pacífico
market-rest-of-central-eastern-europe = Resto de Europa central y oriental
market-rest-of-latin-america = Resto de Latinoamérica
market-rest-of-middle-east = Resto de Oriente Medio
market-rest-of-western-europe = Resto de Europa occidental
market-other = Otros países
confirm-title = 💳 <b>Confirmar envío pago</b>
confirm-to = Para <b>{ $contact }</b> ({ $phone }) vía <b>{ $account }</b>
confirm-template = Plantilla <b>{ $name }</b> · { $language } · { $category }
confirm-price = Precio: <b>{ $price }</b> · { $market } · { $category } · tarifa del { $card }
confirm-valid = Este botón vale 90 segundos, una sola vez.

## Contactos

contact-title = 👤 <b>{ $contact }</b> · { $code }
contact-no-phone = sin teléfono
contact-only-username = sin teléfono: solo su usuario de WhatsApp
contact-before = Antes: { $names }
contact-alike = 👥 Quizá sea la misma persona: { $contact } · { $phone } · { $code }
contact-merged = { $why ->
    [by_hand] 🔗 Unido a mano con { $contact } { $ago }
   *[other] 🔗 WhatsApp dijo que también era { $contact } ({ $ago })
}
merge-title = 🔗 <b>¿Unir { $one } y { $other }?</b>
merge-means = Será un solo contacto con un solo historial. Si los dos recorren la misma secuencia, sigue la que va más adelante; si uno pidió no recibir mensajes, vale para los dos. No se envía nada ahora y se puede deshacer.
unmerge-title = ✂️ <b>¿Separar { $one } y { $other }?</b>
unmerge-means = Cada contacto recupera lo suyo. Lo dicho desde que se unieron se queda con { $one }, menos los mensajes que escribió { $other }. Las secuencias que terminó la unión quedan en pausa. No se envía nada ahora.
labels-title = 🏷 <b>{ $contact }</b> · { $code }
labels-tags = 🏷 { $tags }
labels-no-tags = Sin etiquetas
labels-field = 📇 { $field }: { $value }
labels-note = 📝 { $agent } · { $ago }
labels-operator = operador
labels-ask-tag = 🏷 ¿Qué etiqueta ponerle a { $contact }? Escríbela. Empieza las secuencias que empiezan con ella y termina las que terminan con ella.
labels-ask-tag-placeholder = Etiqueta
labels-ask-field = 📇 ¿Qué dato de { $contact }? Escribe <code>ciudad: Rosario</code>; sin nada después de los dos puntos, se borra.
labels-ask-field-placeholder = dato: valor
labels-ask-note = 📝 Escribe la nota sobre { $contact }. Solo la ve el equipo.
labels-ask-note-placeholder = Nota
erase-title = 🗑 <b>¿Borrar todo de { $contact }?</b> { $phone }
erase-goes = Se van para siempre { $messages ->
    [one] { $messages } mensaje
   *[other] { $messages } mensajes
}, { $files ->
    [one] { $files } archivo
   *[other] { $files } archivos
} y { $notes ->
    [one] { $notes } nota
   *[other] { $notes } notas
}, y con ellos el nombre, el teléfono, las etiquetas y los campos.
erase-ends = Terminan { $walks ->
    [one] { $walks } secuencia
   *[other] { $walks } secuencias
} y no sale { $waiting ->
    [one] lo único que esperaba
   *[other] nada de lo que esperaba ({ $waiting })
}.
erase-stays = Quedan los números sin nombre (cuántos mensajes, cuánto costaron) y, si se había dado de baja, eso mismo. Las copias de seguridad lo guardan hasta que vencen.
erase-type = No se puede deshacer. Para borrar, escribe <code>{ $word }</code>.
erase-word = BORRAR { $code }
erase-done = 🗑 Borrado el contacto { $code }: { $messages ->
    [one] { $messages } mensaje quedó
   *[other] { $messages } mensajes quedaron
} sin palabras. Lo que mostré en los chats también se va.
erased-message = 🗑 <i>Borrado a pedido de la persona.</i>
contact-profile-name = En su perfil: { $name }
contact-opted-out = 🚫 Pidió no recibir mensajes
contact-marketing-stopped = 🔕 No quiere mensajes de marketing
contact-account = <b>{ $account }</b> · { $owner }
contact-owner = 🙋 { $agent }
contact-no-owner = sin asignar
contact-by-meta = 🤖 La atiende el agente de Meta
contact-pending = { $count ->
    [one] 📮 1 mensaje en cola
   *[other] 📮 { $count } mensajes en cola
}
contact-more-conversations = { $count ->
    [one] … y 1 conversación más
   *[other] … y { $count } conversaciones más
}
contact-local-time = 🕘 allí son las { $time }
contact-walk = { $state ->
    [active] 🔁 «{ $sequence }» paso { $step } de { $steps } · próximo { $when }
    [paused] ⏸ «{ $sequence }» paso { $step } de { $steps } · { $reason ->
        [customer_replied] en pausa: respondió
        [probable_block] en pausa: posible bloqueo
        [confirmed_block] en pausa: bloqueo
        [agent] en pausa por el equipo
        [restored] en pausa: se restauró un respaldo
       *[other] en pausa
    }
    [completed] ✅ «{ $sequence }» terminada
   *[exited] ⏹ «{ $sequence }» · { $reason ->
        [customer_replied] salió: respondió
        [tag] salió: recibió una etiqueta
        [opted_out] salió: pidió no recibir
        [confirmed_block] salió: bloqueo
        [removed] salió: número retirado
        [archived] salió: secuencia archivada
        [merged] salió: ya la recorría
       *[other] salió
    }
}
find-ask = 🔎 ¿A quién buscas? Escribe un nombre, un teléfono o un código.
find-placeholder = Nombre, teléfono o código
find-nobody = No encuentro «{ $text }».
find-hint = Prueba con parte del nombre o con los últimos dígitos del teléfono.
find-several = 🔎 <b>{ $count } contactos</b> · ¿cuál?
find-line = <b>{ $contact }</b> · { $phone } · { $code }
message-kind = { $kind ->
    [text] 💬 Texto
    [image] 📷 Foto
    [video] 🎬 Video
    [audio] 🎤 Audio
    [document] 📎 Documento
    [sticker] 🌟 Sticker
    [location] 📍 Ubicación
    [contacts] 👤 Contacto
    [reaction] 👍 Reacción
    [button] ▸ Botón
    [interactive] ▸ Respuesta
    [order] 🛒 Pedido
    [template] 📄 Plantilla
    [system] ⚙️ Aviso de WhatsApp
    [unsupported] ❔ Mensaje no compatible
    [call] 📞 Llamada
    [call_permission] 📞 Permiso para llamar
    [media_placeholder] 📎 Archivo que aún no llegó
   *[other] ❔ Mensaje de un tipo nuevo
}
message-held-by-meta = ⏸ Meta lo retiene para revisar su calidad
message-reaction-removed = 👍 Quitó su reacción
message-system = { $what ->
    [user_changed_number] Cambió de número: ahora es { $number }
    [customer_changed_number] Cambió de número: ahora es { $number }
    [user_changed_user_id] WhatsApp le dio una identidad nueva
    [customer_identity_changed] Cambió de teléfono o reinstaló WhatsApp
   *[user_identity_changed] Cambió de teléfono o reinstaló WhatsApp
}
message-unsupported = { $what ->
    [button] Un botón que WhatsApp no entrega aquí
    [edit] Cambió un mensaje suyo; WhatsApp no dice cuál ni cómo
    [errors] WhatsApp no pudo entregar lo que mandó
    [gif] Un GIF que WhatsApp no entrega aquí
    [group_invite] Una invitación a un grupo
    [hsm] Una plantilla que WhatsApp no entrega aquí
    [image] Una foto que WhatsApp no entrega aquí, quizá para ver una sola vez
    [interactive] Una respuesta interactiva que WhatsApp no entrega aquí
    [keep_in_chat] Guardó un mensaje temporal
    [link_preview] Un enlace con vista previa que WhatsApp no entrega aquí
    [list] Una lista que WhatsApp no entrega aquí
    [location] Una ubicación que WhatsApp no entrega aquí, quizá en tiempo real
    [media_placeholder] Un archivo que WhatsApp no entrega aquí, quizá para ver una sola vez
    [order] Un pedido que WhatsApp no entrega aquí
    [pin] Fijó un mensaje en el chat
    [poll_creation] Una encuesta
    [poll_update] Votó en una encuesta
    [product] Un producto que WhatsApp no entrega aquí
    [reaction] Una reacción que WhatsApp no entrega aquí
    [too_large] Un archivo demasiado grande: WhatsApp no lo entrega
    [not_here] Escribió desde un aparato que WhatsApp no admite aquí: se ve en el teléfono
   *[other] Algo que WhatsApp no entrega aquí; pide que lo mande de otra forma
}
message-call = { $outcome ->
    [completed] Llamada de WhatsApp · { $seconds } s
    [missed] Llamada perdida de WhatsApp
   *[other] Te llama por WhatsApp
}
message-call-permission = { $answer ->
    [accept] Aceptó que le llames por WhatsApp
    [reject] No quiere llamadas por WhatsApp
   *[other] Respondió si quiere llamadas por WhatsApp
}
window-open = 🟢 Ventana abierta · cierra { $when }
window-ending = 🟡 Ventana abierta · cierra { $when }
window-last-minutes = 🔴 La ventana cierra ya · { $when }
window-closed = ⚫ Ventana cerrada { $ago }
window-never = ⚫ Ventana cerrada · nunca ha escrito
basis-assumed = { $basis ->
    [manual_send] supuesto: envío desde el teléfono
   *[sequence_start] supuesto: inicio de secuencia
}
block-line = { $level ->
    [confirmed] 🟥 Bloqueo confirmado ({ $probability } %)
   *[probable] 🟧 Bloqueo probable ({ $probability } %)
}

## Conversaciones

push-inbound = 💬 <b>{ $contact }</b> · { $account }
push-manual = 📱 <b>{ $contact }</b> · { $account } · enviado desde el teléfono
push-by-meta = 🤖 <b>{ $contact }</b> · { $account } · respondido por el agente de Meta
push-standby = 🤖 <i>La atiende el agente de Meta; si respondes, pasa a ti.</i>
push-control = { $holder ->
    [meta] 🤖 <b>{ $contact }</b> · { $account } · ahora la atiende el agente de Meta
   *[ours] 🙋 <b>{ $contact }</b> · { $account } · el agente de Meta te pasa la conversación
}
push-changed = { $change ->
    [revoke] 🗑 <b>{ $contact }</b> · { $account } · { $ours ->
        [yes] se borró desde el teléfono
       *[no] borró su mensaje
    }
   *[edit] ✏️ <b>{ $contact }</b> · { $account } · { $ours ->
        [yes] se cambió desde el teléfono
       *[no] cambió su mensaje
    }
}
push-forwarded = ↪️ <i>{ $often ->
    [yes] Reenviado muchas veces
   *[no] Reenviado
}</i>
push-ad = 📣 <i>{ $source ->
    [post] Viene de una publicación
   *[ad] Viene de un anuncio
}:</i> { $headline }
push-product = 🛍 <i>Pregunta por el producto</i> { $product }
push-answers = ↩️ <i>{ $ours ->
    [yes] Responde a lo nuestro
   *[no] Responde a lo suyo
}:</i> «{ $text }»
push-answers-unknown = ↩️ <i>Responde a un mensaje que no tengo.</i>
media-from = { $kind ->
    [image] 📷
    [video] 🎬
    [voice] 🎤
    [audio] 🎵
    [sticker] 🌟
   *[document] 📎
} <b>{ $contact }</b> · { $account }{ $ours ->
    [yes] { " · enviado desde el teléfono" }
   *[no] { "" }
}
media-odd = ⚠️ El archivo no coincide con la suma de control que da Meta.
media-missing = ⚠️ { $state ->
    [refused] No acepté el archivo: { $reason }
    [expired] El archivo se guardó el tiempo previsto y se borró.
   *[gone] El archivo ya no está: { $reason }
}
media-not-for-telegram = 📦 Telegram no acepta este archivo ({ $megabytes } MB). { $where ->
    [link] Ábrelo con el botón; el enlace caduca en unos días.
   *[nowhere] Está guardado en el servidor.
}
button-ask-history = 📥 Pedir historial
button-history = 📥 Historial
button-open-file = Abrir archivo
push-consent = { $said ->
    [out] 🚫 Pidió no recibir más mensajes: sus secuencias terminaron. Solo se le puede responder si vuelve a escribir.
   *[back] ✅ Quiere volver a recibir mensajes.
}
push-closes = ⏳ Ventana: cierra { $when }
reply-ask = ✍️ Escribe tu respuesta para <b>{ $contact }</b> vía { $account }.
reply-placeholder = Tu respuesta
reply-will-wait = Lo que escribas quedará en la cola.
reply-queued = 👌 En camino.
reply-assumed = 👌 En camino, por un supuesto que Meta podría rechazar: { $basis ->
    [manual_send] alguien le escribió desde el teléfono
   *[sequence_start] la secuencia acaba de empezar
}.
reply-preparing = ⏳ Preparo el archivo para WhatsApp. Puedes seguir; lo que le escribas a este contacto sale después.
compose-title = 🔘 <b>Mensaje para { $contact }</b> vía { $account }
compose-what = El cliente contesta con un toque. ¿De qué forma?
compose-will-wait = ⚫ La ventana está cerrada: quedará en la cola.
compose-ask-words = { $form ->
    [buttons] 🔘 Escribe el texto que va encima de los botones
    [list] 📋 Escribe el texto que va encima de la lista
    [link] 🔗 Escribe el texto que va encima del enlace
   *[phone] 📞 Escribe cómo pedirle su teléfono
} para <b>{ $contact }</b> vía { $account }.
compose-ask-titles = { $form ->
    [buttons] 🔘 Ahora los botones, uno por línea: de 1 a 3, de hasta 20 caracteres.
    [list] 📋 Ahora las opciones, una por línea: hasta 10. Con <code>título | descripción</code> llevan una descripción, y con <code># título</code> empieza una sección.
   *[link] 🔗 Ahora el título del botón (hasta 20 caracteres) y la dirección: <code>Ver catálogo https://…</code>
}
compose-cancel = <i>/cancelar lo deja.</i>
compose-placeholder-words = Texto del mensaje
compose-placeholder-titles = { $form ->
    [link] Título y dirección
   *[other] Una por línea
}
compose-list-label = Ver opciones
compose-phone-button = 📞 Compartir teléfono
compose-look = 👀 <b>Así lo verá { $contact }</b> vía { $account }
compose-sent = 👌 <b>En camino a { $contact }</b> vía { $account }
reply-cannot-leave = 📎 Desde aquí salen textos, fotos, videos, voz, audios, documentos, stickers, ubicaciones y contactos. No se envió nada.
late = ⏳ Recibí esto { $ago } (estuve sin conexión). ¿Ejecutar?
hint-reply = ✍️ Para responder a un cliente, responde (deslizando) a su mensaje o usa el botón Responder.
hint-find = Para abrir una ficha: <code>/c nombre</code>.

## Secuencias

sequences-title = 🔁 <b>Secuencias</b> · { $active ->
    [one] 1 activa
   *[other] { $active } activas
} · { $inside ->
    [one] 1 persona dentro
   *[other] { $inside } personas dentro
}
sequences-empty = Aún no hay ninguna. Un administrador las carga desde un archivo.
sequences-line = { $icon } <b>{ $name }</b> v{ $version } · { $inside } dentro{ $paused ->
    [0] {""}
   *[other] {" "}({ $paused } en pausa)
}
sequence-title = 🔁 <b>{ $name }</b> v{ $version } · { $state ->
    [draft] 📝 borrador
    [active] ▶️ activa
    [paused] ⏸ en pausa
   *[archived] 🗄 archivada
}
sequence-counts = { $active } en marcha · { $paused } en pausa · { $completed } terminaron · { $exited } salieron
sequence-trigger = { $trigger ->
    [first_message] Empieza sola con el primer mensaje del contacto.
    [keyword] Empieza sola cuando el contacto escribe una de sus palabras.
    [ad] Empieza sola cuando el contacto llega de un anuncio.
    [tag] Empieza sola cuando el contacto recibe una etiqueta.
    [import] Empieza con quienes se importan.
   *[manual] Empieza cuando alguien inscribe al contacto.
}
sequence-hours = 🕘 Sale de { $from } a { $to }, hora del contacto{ $days ->
    [7] {""}
   *[other] , { $days } días por semana
}.
sequence-tolerance = ⏩ Un paso puede adelantarse hasta { $delay } para alcanzar la ventana abierta.
sequence-no-steps = No tiene pasos.
sequence-more-steps = … y { $count } pasos más
enroll-ask = 👥 ¿A quién inscribir en «{ $sequence }»? Escribe un nombre, un teléfono o un código.
enroll-which = 👥 ¿En qué secuencia inscribir a <b>{ $contact }</b>?
enroll-none = No hay secuencias activas.
enroll-confirm = 👥 Inscribir a <b>{ $contact }</b> en «{ $sequence }»
enroll-first = Primer mensaje ({ $delay }):
enroll-steps = { $count ->
    [one] 1 paso en total.
   *[other] { $count } pasos en total.
}
enroll-wrong-account = Esta secuencia es de otro número, y el contacto no tiene conversación con él.

## Bloqueos

blocks-title = 🚫 <b>Bloqueos</b>
blocks-what = WhatsApp nunca avisa de un bloqueo: se deduce de lo que no se entrega.
blocks-empty = Ninguna sospecha abierta. Todo se entrega ✨
blocks-no-more = No hay más.
blocks-line = { $level ->
    [confirmed] 🟥
   *[probable] 🟧
} <b>{ $contact }</b> · { $level ->
    [confirmed] confirmado
   *[probable] probable
} { $probability } % · { $messages } sin entregar · { $ago }
reactivate-title = ♻️ <b>Reactivar a { $contact }</b> · { $account }
reactivate-belief = { $level ->
    [confirmed] Hoy: bloqueo confirmado ({ $probability } %)
   *[probable] Hoy: bloqueo probable ({ $probability } %)
}
reactivate-evidence = { $count ->
    [one] 1 mensaje seguido sin entregar, sospecha desde { $since }
   *[other] { $count } mensajes seguidos sin entregar, sospecha desde { $since }
}
reactivate-means = Se le podrá volver a escribir y sus secuencias seguirán. La cuenta de mensajes sin entregar empieza de cero. No se envía nada ahora.
reactivated = ♻️ Reactivado. Sus secuencias siguen donde estaban.

## Alertas

alerts-title = 🔔 <b>Alertas abiertas</b>
alerts-what = 👀 y el número: me ocupo de esa.
alerts-empty = Sin alertas abiertas ✨
alerts-no-more = No hay más.
alerts-line = <b>{ $number }</b> { $icon } { $ago }{ $count ->
    [1] {""}
   *[other] {" "}· ×{ $count }
}
alert-push = { $icon } <b>{ $severity ->
    [critical] Alerta crítica
    [warning] Aviso
   *[info] Para saber
}</b>
alert-acknowledged = { $mine ->
    [yes] 👀 <b>Te ocupas tú</b>
   *[no] 👀 <b>Otra persona se ocupa</b>
}
alert-unknown = Una alerta que esta versión no conoce ({ $kind }).
alert-probable-block = <b>{ $contact }</b>: bloqueo probable ({ $probability } %), { $messages } mensajes seguidos sin entregar. Sus secuencias están en pausa.
alert-confirmed-block = <b>{ $contact }</b>: bloqueo confirmado ({ $probability } %), { $messages } mensajes seguidos sin entregar. No se le envía nada más.
alert-token-expiring = El token de <b>{ $account }</b> vence { $days ->
    [0] hoy
    [one] mañana
   *[other] en { $days } días
}.
alert-token-failed = El token de <b>{ $account }</b> falla: { $problem }. Sus envíos esperan un token nuevo.
alert-account-held = <b>{ $account }</b> está detenido: { $reason ->
    [token] token inválido
    [payment] problema de pago
    [spam] Meta lo frenó por bloqueos y denuncias
    [health] Meta lo tiene bloqueado: { $problem }
    [policy] Meta ve una falta a sus reglas
    [banned] Meta lo suspendió
    [restricted] Meta lo restringió
    [account_deleted] la cuenta fue eliminada
    [offboarded] la cuenta fue desconectada
    [disconnected] Meta lo desconectó
    [permission] al token le faltan permisos
    [locked] Meta bloqueó la cuenta
    [registration] el número no está registrado
    [configuration] Meta no conoce el número
   *[other] { $reason }
}. Sus envíos esperan.
alert-account-limited = <b>{ $account }</b> sigue, pero Meta le limita los envíos: { $problem }
alert-account-slowed = Meta pidió más calma a <b>{ $account }</b>: { $code ->
    [rate-limit] envía más despacio y se recupera solo
    [number-in-maintenance] el número está en mantenimiento; espera unos minutos
    [account-limit] demasiadas llamadas de la cuenta; sus números esperan un rato
   *[other] demasiadas llamadas de la aplicación; todos los números esperan un rato
}.
alert-portfolio-limit = <b>{ $account }</b>: se alcanzó el límite de Meta de { $most } personas por día fuera de su ventana. Esperan { $waiting } plantillas; la próxima puede salir { $until }. Las respuestas salen igual.
alert-budget = 🎯 Presupuesto del mes de { $scope ->
    [all] todos los números
   *[one] <b>{ $account }</b>
}: { $used } de { $limit } ({ $percent } %). { $percent ->
    [100] Las plantillas que cuestan esperan tu aprobación en la cola; las respuestas salen como siempre.
   *[other] Al 100 % las plantillas que cuestan esperarán tu aprobación.
}
alert-app-sends = <b>{ $account }</b>: { $count } mensajes escritos a mano en el teléfono en 24 h; el límite es { $most }.
alert-account-event = Meta avisa algo sobre <b>{ $account }</b>.
news-account-deleted = La cuenta de <b>{ $account }</b> fue eliminada en Meta. Sus envíos esperan. Si no fue a propósito, hay que reclamarlo a Meta.
news-ad-account-linked = Se vinculó una cuenta de anuncios a la de <b>{ $account }</b>. No hay que hacer nada.
news-app-installed = La aplicación quedó instalada en la cuenta de <b>{ $account }</b>. No hay que hacer nada.
news-app-uninstalled = Alguien quitó la aplicación de la cuenta de <b>{ $account }</b>: quizá ya no llegan mensajes. Hay que suscribirla de nuevo.
news-authentication-price = Cambió la tarifa internacional de autenticación de <b>{ $account }</b>. Conviene revisar los precios.
news-ban-scheduled = Meta suspenderá <b>{ $account }</b> el { $date }. Aún se envía. Hay que apelar antes en el administrador de WhatsApp.
news-ban-unclear = Meta cambió la suspensión de <b>{ $account }</b> ({ $state }). Nada cambió aquí: mira el administrador de WhatsApp.
news-banned = Meta suspendió <b>{ $account }</b>. Sus envíos esperan. Se apela en el administrador de WhatsApp.
news-capability = Meta cambió los límites de <b>{ $account }</b>: { $limit ->
    [unlimited] personas nuevas al día sin límite
    [none] personas nuevas al día como antes
   *[other] { $limit } personas nuevas al día
}, { $numbers } números. No hay que hacer nada.
news-certification = Cambió la certificación de <b>{ $account }</b> con su proveedor. Mira el administrador de WhatsApp.
news-country = Meta cambió el país de la empresa de <b>{ $account }</b> a { $country }. Pueden cambiar los precios y los impuestos.
news-disconnected = <b>{ $account }</b> quedó desconectado: { $reason ->
    [account_disconnected] alguien lo desconectó en la app
    [business_downgrade] la empresa dejó de usar la plataforma
    [change_number] el teléfono cambió de número
    [companion_inactivity] un dispositivo vinculado no se usó en unos 30 días
    [primary_inactivity] el teléfono no se conectó en unos 14 días
    [user_re_registered] el número se registró en otro teléfono
   *[other] Meta no dice por qué
}. Sus envíos esperan. Hay que conectarlo de nuevo.
news-form-state = Meta cambió un formulario de <b>{ $account }</b>: { $state ->
    [published] ya está publicado
    [blocked] está bloqueado y no se puede enviar
    [throttled] está frenado, a 10 por hora
    [deprecated] quedó retirado
    [draft] volvió a borrador
   *[other] su estado es otro
}.
news-form-trouble = { $over ->
    [yes] Un formulario de <b>{ $account }</b> vuelve a funcionar bien.
   *[no] Un formulario de <b>{ $account }</b> falla o va lento. Revisa quién lo atiende.
}
news-marketing-terms-signed = <b>{ $account }</b> aceptó las condiciones de la API de marketing. No hay que hacer nada.
news-meta-alert = { $over ->
    [yes] Se resolvió un aviso de Meta sobre <b>{ $account }</b>:
   *[no] Meta avisa sobre <b>{ $account }</b>:
} { $what ->
    [oba_approved] la insignia de empresa oficial fue aprobada
    [oba_rejected] la insignia de empresa oficial fue rechazada
    [increased_capabilities_eligibility_deferred] el aumento del límite quedó aplazado; se sabrá más adelante
    [increased_capabilities_eligibility_failed] el límite de mensajes no aumenta por ahora
    [increased_capabilities_eligibility_need_more_info] faltan datos de la empresa para aumentar el límite
    [profile_picture_lost] se perdió la foto del perfil; hay que subirla otra vez
   *[other] mira el administrador de WhatsApp
}.
news-name = { $decision ->
    [approved] Meta aprobó el nombre «{ $name }» de <b>{ $account }</b>.
    [rejected] Meta rechazó el nombre «{ $name }» de <b>{ $account }</b>. Se sigue enviando con el anterior; pide otro.
   *[other] Meta revisa el nombre «{ $name }» de <b>{ $account }</b>.
}
news-number-error = Meta da un error en <b>{ $account }</b> ({ $code }): { $error }
news-number-quality = <b>{ $account }</b>: { $what ->
    [onboarding] el número quedó listo para enviar
    [throughput_upgrade] Meta aumentó la velocidad del número
    [flagged] la calidad del número es baja: muchos lo bloquean o denuncian. Envía menos y mejor
    [unflagged] la calidad del número se recuperó
    [upgrade] Meta aumentó el límite de mensajes
    [downgrade] Meta bajó el límite de mensajes
   *[other] cambió la calidad o el límite del número
}{ $limit ->
    [none] .
    [unlimited] . Personas nuevas al día: sin límite.
   *[other] . Personas nuevas al día: { $limit }.
}
news-offboarded = El teléfono de <b>{ $account }</b> cambió o se registró de nuevo. Sus envíos esperan; suele reconectarse solo en minutos.
news-other = Meta avisa algo nuevo sobre <b>{ $account }</b> ({ $field }: { $event }). Está guardado; nada cambió aquí.
news-partner-added = <b>{ $account }</b> se compartió con un proveedor. Si no lo esperabas, revísalo en Meta.
news-payments = Configuración de pagos «{ $configuration }» de <b>{ $account }</b>: { $state ->
    [active] activa
    [needs_connecting] falta conectarla
    [needs_testing] falta probarla
   *[other] cambió
}.
news-price-tier = <b>{ $account }</b> llegó a otro tramo de precio por volumen: { $pricing_category }, { $region }, { $tier }.
news-reconnected = <b>{ $account }</b> está conectado otra vez. Sus envíos siguen.
news-reinstated = Meta levantó la suspensión de <b>{ $account }</b>. Sus envíos siguen.
news-restricted = Meta restringió <b>{ $account }</b>: no puede enviar ni responder{ $until ->
    [none] .
   *[other] {" "}hasta { $until }.
} Sus envíos esperan.
news-restricted-in-part = Meta restringió <b>{ $account }</b>: { $what ->
    [numbers] no puede agregar números
    [templates] no salen plantillas, así que no empieza conversaciones; las respuestas dentro de la ventana sí
    [utility] sus plantillas de utilidad no salen
    [direct_send] el envío directo de utilidad no sale
    [calls] sin llamadas
   *[other] mira cuál en el administrador de WhatsApp
}{ $until ->
    [none] .
   *[other] {" "}hasta { $until }.
} Lo demás sigue saliendo.
news-review = { $decision ->
    [approved] Meta revisó <b>{ $account }</b> y lo aprobó.
    [rejected] Meta revisó <b>{ $account }</b> y lo rechazó. Se apela en el administrador de WhatsApp.
    [deferred] Meta aplazó la revisión de <b>{ $account }</b>.
   *[other] Meta está revisando <b>{ $account }</b>.
}
news-security = { $what ->
    [pin_reset_request] Alguien pidió cambiar el PIN de <b>{ $account }</b>. Si no fuiste tú, cámbialo ya en el administrador de WhatsApp.
    [pin_reset_success] El PIN de <b>{ $account }</b> se restableció. Si no fuiste tú, alguien más tiene acceso.
    [pin_changed] El PIN de <b>{ $account }</b> cambió. Si no fuiste tú, alguien más tiene acceso.
   *[other] Algo cambió en la seguridad de <b>{ $account }</b>. Revísalo en el administrador de WhatsApp.
}
news-settings = Alguien cambió los ajustes de <b>{ $account }</b> en Meta. No hay que hacer nada si fue a propósito.
news-solution = La solución compartida con un proveedor en la cuenta de <b>{ $account }</b>: { $state ->
    [active] está activa
    [initiated] espera que alguien la acepte
    [rejected] fue rechazada
    [pending_deactivation] se va a desactivar
    [deactivated] quedó desactivada
   *[other] cambió
}.
news-username = Nombre de usuario de <b>{ $account }</b>: { $decision ->
    [approved] @{ $username } fue aprobado
    [reserved] @{ $username } quedó reservado
    [deleted] @{ $username } fue retirado
   *[other] cambió
}.
news-violation = Meta dice que <b>{ $account }</b> incumple sus políticas ({ $what ->
    [adult] contenido para adultos
    [alcohol] alcohol
    [animals] venta de animales
    [dating_services] citas
    [drugs] drogas
    [gambling] apuestas
    [healthcare] salud
    [real_fake_currency] dinero real o falso
    [scam] engaños
    [spam] mensajes no deseados
    [supplements] suplementos
    [tobacco] tabaco
    [weapons] armas
   *[other] no dice cuál
}). Si sigue, lo suspenderá: revisa qué se envía.
alert-webhook-dead = No se pudo entender un aviso de WhatsApp ({ $webhook_id }): { $error }. Está guardado.
alert-outside-window = «{ $sequence }» ({ $account }): ventana cerrada con { $contact }. El mensaje quedó en la cola.
alert-outside-window-reply = { $account }: respuesta a { $contact } con la ventana cerrada. Quedó en la cola.
alert-assumption-off = Meta rechazó en <b>{ $account }</b> un envío por supuesto ({ $assumption ->
    [manual_send] envío desde el teléfono
    [sequence_start] inicio de secuencia
   *[other] { $assumption }
}). Ya no se supone en este número.
alert-send-failed = No salió un mensaje a <b>{ $contact }</b>: { $why } ({ $code })
alert-unknown-outcome = Un mensaje a <b>{ $contact }</b> quizá salió: WhatsApp no contestó. Decide una persona.
alert-job-failed = La tarea { $job } falló: { $error }
alert-agent-unreachable = A <b>{ $agent }</b> no le llega nada: bloqueó el bot o cerró el chat. Sus contactos los ve ahora todo el equipo.
alert-media-store = No puedo guardar los archivos de los clientes ({ $problem }). Mira el disco o el almacén; lo sigo intentando.
alert-backup-failed = El respaldo no se pudo hacer o no se pudo comprobar: { $problem }. Lo vuelvo a intentar mañana; desde /respaldos, ahora.
alert-backup-old = El último respaldo bueno tiene { $hours } horas. Mira /respaldos.
alert-restored = Se restauró el respaldo del { $made_at }. Lo que vino después no está. Para que nada salga dos veces: { $sends } envíos y { $cards } mensajes de la cola preguntan si ya salieron, { $walks } recorridos de secuencias y { $accounts } números están en pausa, { $webhooks } webhooks esperan. Revisa la cola y reanuda cada número.
alert-template = Plantilla <b>{ $template }</b> ({ $language }): { $trouble ->
    [paused] Meta la pausó por calidad{ $until ->
        [none] {""}
       *[other] {" "}hasta { $until }
    }. Lo que iba a salir con ella espera en la cola; cuando vuelva, se ofrece de nuevo.
    [disabled] Meta la desactivó. No vuelve: crea otra en el administrador de WhatsApp y cámbiala en tus secuencias.
    [rejected] Meta la rechazó ({ $reason }). Corrígela en el administrador de WhatsApp.
    [gone] ya no existe en Meta. Lo que iba a salir con ella espera en la cola: elige otra.
    [missing] Meta dice que no existe en ese idioma. Lo que iba a salir con ella espera en la cola; se vuelve a leer la lista.
    [mismatch] Meta rechazó los datos ({ $reason }). Lo que iba a salir con ella espera en la cola; se vuelve a leer la plantilla.
    [barred] Meta no deja salir nada con ella ahora ({ $reason }). Mira por qué en WhatsApp Manager. Lo que iba a salir con ella espera en la cola: elige otra.
    [recategorised] Meta la pasó a { $category }. Cuesta lo que cuesta esa categoría desde ahora.
    [impending] Meta la pasará de { $category } a { $next_category } ({ $starts }). Desde entonces cuesta lo que cuesta esa categoría; si no es correcto, apela en el administrador de WhatsApp.
    [low_quality] su calidad bajó: la gente la bloquea o la denuncia. Si sigue así, Meta la pausa. Úsala menos o cámbiala.
    [flagged] Meta la tiene en observación por mala calidad. Si no mejora, la desactiva.
   *[approved] aprobada: se puede usar{ $waiting ->
        [0] .
        [one] {" "}y { $waiting } mensaje la espera en la cola. No sale por sí solo.
       *[other] {" "}y { $waiting } mensajes la esperan en la cola. No salen por sí solos.
    }
}

## Costos

costs-title = 💵 <b>Costos</b> · { $period ->
    [today] hoy
    [week] últimos 7 días
   *[month] este mes
}
costs-whole = <b>{ $amount }</b> · { $messages ->
    [one] { $messages } mensaje
   *[other] { $messages } mensajes
}
costs-nothing = Sin gasto.
costs-yesterday = Ayer: { $amount }
costs-budget = 🎯 { $scope ->
    [all] todos los números
   *[one] <b>{ $account }</b>
}: { $used } de { $limit } ({ $percent } %)
costs-line = { $name } · { $messages } × → { $amount }
costs-line-free = { $name } · { $messages } × → { $amount } ({ $free } sin costo)
costs-ahead-title = 🔮 <b>Próximos { $days } días</b>
costs-ahead = { $kind ->
    [queued] Plantillas en la salida
    [template] Pasos por plantilla, si se aprueban
    [reply] Pasos con ventana abierta, si ya no hay cupo de Meta
   *[undecided] Pasos sin plantilla ni ventana: los decide una persona
} · { $messages } × → { $amount }{ $unpriced ->
    [0] { "" }
   *[other] { " " }({ $unpriced } sin precio)
}
costs-ahead-nothing = Nada previsto.
costs-ahead-more = ⚠️ Hay más: no se contó todo.
costs-ahead-what = <i>Si nadie responde y nada cambia, con las tarifas de cada día.</i>
costs-unpriced = ⚠️ { $count } sin tarifa cargada, sin sumar
costs-of-none = sin secuencia
costs-source = <i>Lo que Meta dijo de cada mensaje que llegó, con la tarifa de su día. La factura la hace Meta.</i>

## Por qué

why-title = ❓ <b>Por qué</b> · <b>{ $contact }</b> · { $account }
why-title-message = ❓ <b>Por qué</b> · mensaje { $code } de <b>{ $contact }</b> · { $account }
why-ask = ¿Sobre quién o qué? Escribe /porque con un código o un nombre, o responde con /porque a una tarjeta o a un mensaje.
why-part-fact = <b>Lo que se sabe</b>
why-part-rule = <b>Lo que decide</b>
why-part-next = <b>Lo que sigue</b>
why-account = { $state ->
    [paused] El equipo pausó el número.
    [removed] El número se dio de baja.
   *[held] El número está detenido{ $until ->
        [none] .
       *[other] { " " }hasta { $until }.
    }
}
why-by-meta = El agente de Meta atiende esta conversación desde { $at }.
why-wrote = Escribió por última vez { $at }. Eso abre 24 horas, según el reloj de Meta.
why-never-wrote = Nunca escribió a este número: no hubo ventana abierta.
why-typed = Alguien del equipo escribió desde el teléfono por última vez { $at }.
why-refuted = Meta dijo { $at } que la ventana estaba cerrada (131047); eso vale más que nuestro reloj.
why-opted-out = Pidió no recibir más mensajes{ $at ->
    [none] .
   *[other] { " " }{ $at }.
}
why-marketing-stopped = No quiere marketing.
why-marketing-capped = Meta le evita el marketing hasta { $until } (131049).
why-block = { $level ->
    [confirmed] El bloqueo se da por cierto
   *[probable] Hay un bloqueo probable
}{ $count ->
    [none] .
   *[other] { " " }({ $probability } %): { $count } mensajes seguidos no llegaron, visto desde { $since }.
}
why-last-failed = Nuestro último mensaje falló { $at }{ $meta ->
    [none] .
   *[other] { " " }(código { $meta } de Meta).
}
why-message-failed-at = Falló { $at }{ $meta ->
    [none] .
   *[other] { " " }(código { $meta } de Meta).
}
why-walk = Secuencia «{ $sequence }», paso { $step } de { $steps }: { $state ->
    [paused] en pausa, { $reason ->
        [customer_replied] porque respondió { $at }
        [probable_block] por un posible bloqueo
        [confirmed_block] por un bloqueo
        [agent] por el equipo
        [restored] porque se restauró un respaldo
        [restored] porque se restauró la base de datos
       *[other] { $reason }
    }
    [completed] terminada
   *[exited] acabada, { $reason ->
        [customer_replied] porque respondió
        [tag] por una etiqueta
        [opted_out] porque pidió la baja
        [confirmed_block] por un bloqueo
        [agent] por el equipo
        [archived] porque la secuencia se archivó
        [merged] porque dos contactos se unieron
        [erased] porque se borró a la persona
       *[other] { $reason }
    }
}.
why-may-write = Un texto libre puede salir ahora: { $basis ->
    [ad_entry] llegó por un anuncio y escribió
    [manual_send] se supone, porque alguien escribió desde el teléfono
   *[customer_message] escribió hace menos de 24 horas
}. Abierta hasta { $until }.
why-must-ask = Un texto libre no puede salir solo: la ventana está cerrada{ $since ->
    [none] .
   *[other] { " " }desde { $since }.
} Decide una persona: con plantilla o a mano.
why-must-wait = No puede salir antes de { $until }.
why-may-not = No puede salir nada.
why-nothing = No hay nada esperando salir.
why-unproven = { $origin ->
    [reply] Una respuesta
    [approval] Un mensaje aprobado
   *[sequence] Un paso
} ({ $message }) quizá salió: espera la prueba de Meta y, si no llega, a una persona. No se repite.
why-leaving = { $origin ->
    [reply] Una respuesta
    [approval] Un mensaje aprobado
   *[sequence] Un paso
} ({ $message }) está saliendo ahora mismo.
why-stopped = { $origin ->
    [reply] Una respuesta
    [approval] Un mensaje aprobado
   *[sequence] Un paso
} ({ $message }) sale cuando el número siga{ $until ->
    [none] .
   *[other] { " " }({ $until }).
}
why-queued = { $origin ->
    [reply] Una respuesta
    [approval] Un mensaje aprobado
   *[sequence] Un paso
} ({ $message }) sale { $at }.
why-more-queued = Y { $count } más esperan salir.
why-card = La tarjeta { $card } espera a una persona desde { $since }: { $reason ->
    [window_closed] la ventana estaba cerrada
    [rejected_by_meta] Meta la rechazó
    [unknown_outcome] no se sabe si salió
    [template_missing] falta la plantilla
    [template_unusable] la plantilla no se puede enviar ahora
    [template_mismatch] los valores no encajan en la plantilla
    [template_marketing] la plantilla pasó a ser marketing
    [budget] pasa el presupuesto del mes
    [template_price] cambió su precio
    [template_barred] por ahora Meta no deja salir plantillas
   *[other] { $reason }
}.
why-more-cards = Y esperan { $count } tarjetas más.
why-awaits = «{ $sequence }» espera su respuesta{ $until ->
    [none] .
   *[other] { " " }hasta { $until }.
}
why-step = «{ $sequence }», paso { $step } de { $steps }: { $at }{ $how ->
    [pulled_forward] , antes, para que la ventana siga abierta
    [pushed] , movido a las horas en que se le puede escribir
   *[on_time] , cuando le toca
}. { $basis ->
    [window] La ventana estará abierta.
    [template] La ventana estará cerrada: una persona decide sobre su plantilla.
   *[agent] La ventana estará cerrada: decide una persona.
}
why-message-in = Lo escribió { $at }.
why-message-out = { $origin ->
    [reply] { $agent ->
        [none] Una respuesta
       *[other] { $agent } respondió
    }
    [approval] { $agent ->
        [none] Se aprobó
       *[other] { $agent } lo aprobó
    }
   *[sequence] La secuencia { $sequence ->
        [none] { "" }
       *[other] «{ $sequence }»{ " " }
    }quiso enviar el paso { $step }
}{ " " }({ $at }).
why-message-beside = No salió por aquí ({ $at }): { $source ->
    [manual] alguien lo escribió en el teléfono
    [automatic] la app lo envió sola
    [meta_agent] lo envió el agente de Meta
   *[other] lo envió otro programa
}.
why-message-imported = Solo se conoce por el historial del teléfono y no cuenta para nada.
why-message-edited = Se cambió { $at }.
why-message-revoked = Se eliminó { $at }.
why-message-basis = Se permitió porque { $basis ->
    [ad_entry] llegó por un anuncio y escribió
    [manual_send] alguien había escrito desde el teléfono (una suposición)
    [sequence_start] la secuencia empezó hace menos de 72 horas (una suposición)
    [template] es una plantilla, que no necesita ventana
   *[customer_message] había escrito menos de 24 horas antes
}.
why-message-cancelled = Se retiró antes de salir.
why-message-failed = Se dio por perdido{ $meta ->
    [none] .
   *[other] { " " }(código { $meta } de Meta).
}
why-message-held = No se envió y pasó a ser una tarjeta.
why-message-charged = Lo que dice Meta de su precio: { $category } ({ $type }).
why-message-accepted = Meta lo tomó { $at }.
why-message-sent = WhatsApp lo envió { $at }.
why-message-delivered = Llegó { $at }.
why-message-read = Se leyó { $at }.
why-message-played = Se escuchó { $at }.
why-message-held-by-meta = Meta revisa antes su calidad; después sale, o falla.
why-message-after = Va detrás del mensaje { $message }, para guardar el orden.
why-message-on-its-way = Aún no llegó (desde { $since }): { $long ->
    [yes] el teléfono está apagado, sin red, o nos bloqueó
   *[no] el teléfono puede estar apagado o sin red
}.
why-because-order = Una parte anterior no salió.
why-because-arrived-after-all = El mensaje al que sustituía había llegado.
why-because-called-back = Su paso se retiró.
why-because-merged = Dos contactos se unieron.
why-because-replaced = Uno más nuevo tomó su lugar.
why-because-unknown = Meta nunca dijo si salió.
why-because-portfolio-limit = Se alcanzó el límite de Meta de personas por día.
why-because-window-closed = La ventana estaba cerrada.
why-because-customer-replied = Respondió.
why-because-agent = El equipo lo detuvo.
why-because-tag = Recibió una etiqueta.
why-because-archived = La secuencia se archivó.
why-because-opted-out = Pidió no recibir más mensajes.
why-because-blocked = Se dio por cierto un bloqueo.
why-because-confirmed-block = Se dio por cierto un bloqueo.
why-because-account-removed = El número se dio de baja.
why-because-unknown-outcome = No se sabe si salió.
why-because-rejected-by-meta = Meta lo rechazó.
why-because-template-missing = Falta la plantilla.
why-because-template-unusable = La plantilla no se puede enviar ahora.
why-because-template-mismatch = Los valores no encajan en la plantilla.
why-because-budget = Pasa el presupuesto del mes: sale si alguien lo aprueba.
why-because-template-marketing = La plantilla pasó a ser marketing, que esa persona no quiere.
why-because-template-price = Cambió su precio.
why-because-template-barred = Meta no deja salir plantillas de este número por ahora.

## Estado

status-fine = 🟢 <b>Todo funciona</b>
status-trouble = 🔴 <b>Hay problemas</b> · { $held ->
    [one] 1 número detenido
   *[other] { $held } números detenidos
} · { $dead } avisos sin entender
status-webhooks = 📨 Avisos de WhatsApp: { $waiting } por procesar · { $dead } sin entender
status-new-kinds = 🆕 { $count ->
    [one] 1 tipo nuevo de aviso
   *[other] { $count } tipos nuevos de aviso
}: { $kinds } · { $ago }. Está guardado; quizá haya una versión nueva.
status-outbox = 📤 Salida: { $waiting } en espera · { $unknown } sin respuesta
status-pending = 📮 Cola manual: { $count }
status-contacts = 👥 Contactos: { $count } · ventanas abiertas: { $windows }
status-blocks = 🚫 Bloqueos: { $probable } probables · { $confirmed } confirmados
status-files = 📎 Archivos: { $waiting } por descargar · { $lost } sin llegar en 7 días
status-held-why = { $reason ->
    [token] token inválido
    [permission] al token le faltan permisos
    [payment] problema de pago
    [spam] Meta lo frenó por bloqueos y denuncias
    [health] Meta lo tiene bloqueado
    [policy] Meta ve una falta a sus reglas
    [locked] Meta bloqueó la cuenta
    [registration] el número no está registrado
    [configuration] Meta no conoce el número
    [banned] Meta lo suspendió
    [restricted] Meta lo restringió
    [account_deleted] la cuenta fue eliminada
    [offboarded] la cuenta fue desconectada
    [disconnected] Meta lo desconectó
   *[other] { $reason }
}
status-account = { $icon } <b>{ $account }</b> · { $waiting } en espera{ $state ->
    [held] {" "}· detenido: { $reason }
    [paused] {" "}· en pausa
    [removed] {" "}· retirado
   *[active] {""}
}
status-slowed = ⏱ { $rate } de { $allowed } mensajes por segundo, frenado por Meta; normal a las { $until }
status-usage = ⏱ { $rate } de { $allowed } mensajes por segundo: se usó el { $used } % de las llamadas que Meta permite
status-rests = ⏸ descansa hasta las { $until } · { $reason ->
    [number-in-maintenance] número en mantenimiento
    [account-limit] demasiadas llamadas de la cuenta
   *[other] demasiadas llamadas de la aplicación
}
status-reach = 👥 { $used } de { $most } personas fuera de su ventana en 24 h
status-import = 📥 { $account }: { $state ->
    [asked] historial pedido
    [running] importando { $percent } %
    [done] historial importado
    [declined] historial no compartido
   *[idle] historial sin pedir
}
import-title = 📥 <b>Historial de { $account }</b>
import-state = { $state ->
    [asked] Pedido a WhatsApp; aún no llegó nada.
    [running] Importando { $count } días. Nadie recibe avisos de lo antiguo.
    [done] ✅ { $count } días importados.
    [declined] 🚫 El dueño del teléfono no quiso compartir el historial.
   *[idle] Todavía no se pidió.
}
import-bar = { $bar } { $percent } %{ $phase ->
    [first] {" "}· último día
    [second] {" "}· días 1 a 90
    [third] {" "}· días 90 a 180
   *[unknown] {""}
}
import-haul = { $conversations ->
    [one] 1 conversación
   *[other] { $conversations } conversaciones
} · { $messages ->
    [one] 1 mensaje
   *[other] { $messages } mensajes
} · { $files ->
    [one] 1 archivo
   *[other] { $files } archivos
}
import-awaited = ⏳ Faltan: { $messages } mensajes por guardar · { $files } archivos por bajar
status-jobs = Tareas
status-at = <i>Actualizado { $time }</i>

## Backups

backups-title = 🗄 <b>Respaldos</b>
backups-none = Aún no hay ninguno.
backups-last = Último bueno: { $ago }
backups-none-proven = ⚠️ Ninguno está comprobado.
backups-line = { $at } · { $size } MB · { $proven ->
    [yes] ✓ comprobado
   *[no] ⚠️ sin comprobar
} · { $reason }{ $scope ->
    [configuration] {" "}· solo configuración
   *[everything] {""}
}
backups-what = Cifrados, y nunca salen por Telegram. Se restaura en el servidor: <code>centralita backup restore</code>.

## Números

accounts-title = 📱 <b>Números</b>
accounts-none = Todavía no hay ninguno. En el servidor: centralita accounts add
accounts-line = { $icon } <b>{ $account }</b> · { $state ->
    [held] detenido
    [paused] en pausa
    [removed] retirado
   *[active] envía
} · { $waiting } en espera
account-title = { $icon } <b>{ $account }</b> · { $phone }
account-active = Envía con normalidad.
account-paused = ⏸ Está en pausa: nada sale hasta que alguien lo reanude.
account-paused-why = ⏸ Está en pausa: { $why }
account-held = 🔴 Está detenido: { $reason ->
    [token] Meta no acepta el token. Con uno nuevo sigue solo.
    [permission] el token no tiene los permisos. Con uno nuevo sigue solo.
    [payment] hay un problema de pago en Meta. Después de resolverlo, hay que reanudarlo.
    [policy] Meta lo bloqueó por sus políticas. Después de resolverlo en Meta, hay que reanudarlo.
    [locked] Meta bloqueó la cuenta. Después de resolverlo en Meta, hay que reanudarlo.
    [registration] el número no está registrado o no tiene nombre aprobado. Después, hay que reanudarlo.
    [configuration] Meta no conoce el número: revisa el identificador.
    [account_deleted] la cuenta fue eliminada en Meta.
    [offboarded] el teléfono se desconectó. Sigue solo cuando vuelva.
    [disconnected] se quitó el acceso a la app. Hay que conectarlo de nuevo en Meta.
    [banned] Meta suspendió la cuenta. Sigue solo si Meta la repone.
    [health] Meta lo tiene bloqueado. Se le pregunta cada hora y sigue solo cuando Meta lo permita.
    [restricted] Meta la restringió por un tiempo.
    [spam] Meta lo frenó por bloqueos y denuncias.
   *[other] { $reason }.
}
account-barred = ⛔ { $bar ->
    [utility] Meta no acepta plantillas de utilidad de este número
   *[templates] Meta no acepta plantillas de este número
}{ $until ->
    [none] {""}
   *[other] {" "}hasta { $until }
}; las respuestas salen como siempre.
account-held-until = Sigue solo { $when }.
account-quality = calidad { $quality ->
    [GREEN] alta
    [YELLOW] media
    [RED] baja
   *[other] sin dato
}
account-pace = ritmo: hasta { $rate } por segundo
account-queue = cola de salida: { $waiting }
account-in-app = también está en la app del teléfono
account-token-until = 🔑 token hasta { $when }
account-token-endless = 🔑 token sin vencimiento conocido
account-token-none = 🔑 sin token
account-assumes = Se da la ventana por abierta (Meta no lo promete):
pause-ask = ⏸ ¿Por qué se pausa <b>{ $account }</b>? Escribe el motivo: en ese momento deja de salir todo, y queda en la cola.
pause-placeholder = Motivo de la pausa
resume-title = ▶️ <b>Reanudar { $account }</b>
resume-means = Lo que espera sale en seguida: { $waiting } en cola.
checkup-title = 🧪 <b>{ $account }</b>
checkup-well = Todo está en orden.
checkup-amiss = Hay algo por resolver.
token-form-title = 🔑 <b>Token nuevo para { $account }</b>
token-form-what = Los tokens no se escriben en el chat. El formulario vale 15 minutos, una vez y solo para ti. El token se prueba antes de guardarlo; el actual sigue hasta entonces.
token-form-impossible = Los tokens no se escriben en el chat, y no hay una dirección https donde hacerlo (server.public_url). En el servidor, con el token en la variable NEW_TOKEN:
token-leaked = 🔥 <b>Eso era un token.</b> { $deleted ->
    [yes] Borré el mensaje.
   *[other] No pude borrar el mensaje: bórralo tú.
}
token-leaked-what = No se envió a nadie. Dalo por filtrado: anúlalo en Meta y carga otro desde el número, con el botón Token nuevo.
token-replaced = 🔑 <b>{ $account }</b> tiene un token nuevo, cargado por { $by }. Lo que lo esperaba sale ahora.
finding-token-valid = Token válido hasta { $until }
finding-token-endless = Token válido, sin vencimiento
finding-token-missing = No hay token: carga uno nuevo.
finding-token-passing = El token es de una persona y vence en horas: crea uno para un usuario del sistema en la configuración del negocio de Meta.
finding-token-ending = El token vence { $until }: carga uno nuevo antes.
finding-token-refused = Meta no acepta el token ({ $problem }): crea uno nuevo para el usuario del sistema.
finding-token-foreign = El token es de otra app y no de { $app }: créalo con nuestra app, o cambia whatsapp.app_id.
finding-token-not-for-account = El token no alcanza la cuenta { $waba }: asigna esa cuenta al usuario del sistema y crea un token nuevo.
finding-app-unknown = La app de Meta no está configurada: completa whatsapp.app_id y whatsapp.app_secrets.
finding-scopes-granted = El token puede enviar y administrar
finding-scopes-missing = Al token le falta { $scopes }: crea uno nuevo con esos permisos.
finding-business-read = Cuenta { $business }, de { $portfolio }
finding-portfolio-unknown = Cuenta { $business }: Meta no dice de qué negocio es; dale al usuario del sistema acceso al negocio.
finding-number-elsewhere = El número { $number } no está en la cuenta { $waba }: revisa los dos identificadores.
finding-number-read = { $phone } · { $name }
finding-number-not-connected = El número está { $status }: regístralo en el Administrador de WhatsApp.
finding-name-not-approved = El nombre visible está { $status }: pide su aprobación en el Administrador de WhatsApp.
finding-quality-low = Calidad { $quality }: hay personas que lo bloquean o denuncian; conviene enviar menos.
finding-sending-limited = Meta solo deja enviar { $state }: mira la calidad de la cuenta en el Administrador de WhatsApp.
finding-not-on-cloud = El número está en { $platform }: hay que pasarlo a la Cloud API.
finding-in-phone-app = También está en la app del teléfono: hasta 20 mensajes por segundo
finding-subscribed = Nuestra app recibe los avisos de la cuenta
finding-not-subscribed = Nuestra app no recibe los avisos de la cuenta: suscríbela (centralita accounts subscribe).
finding-webhook-ours = Los avisos llegan a esta dirección
finding-webhook-unset = Meta no tiene dirección para los avisos: pon { $url } en el panel de la app.
finding-webhook-elsewhere = Los avisos van a { $host }: pon { $url } en el panel de la app.
finding-public-url-missing = No se sabe adónde deben ir los avisos: completa server.public_url.
finding-no-answer = Meta no contestó sobre { $about ->
    [token] el token
    [business] la cuenta
    [members] los números de la cuenta
    [number] el número
   *[apps] la suscripción
} ({ $problem }): prueba de nuevo en un momento.
finding-not-readable = Meta no muestra { $about ->
    [token] el token
    [business] la cuenta
    [members] los números de la cuenta
    [number] el número
   *[apps] la suscripción
} ({ $problem }): revisa el identificador y el acceso del usuario del sistema.

## Formulario del token (una página)

form-title = Token para { $account }
form-what = Pega el token nuevo de Meta. Se prueba antes de guardarlo; el actual sigue hasta entonces.
form-label = Token
form-send = Probar y guardar
form-until = Este enlace es solo para ti, vale una vez y hasta las { $time }.
form-bad = Eso no parece un token: cópialo entero y sin espacios.
form-refused = Este token no sirve. El de antes sigue en su lugar.
form-tries = { $count ->
    [one] Queda un intento.
   *[other] Quedan { $count } intentos.
}
form-failed = No se pudo probar ahora y no se guardó nada. Prueba de nuevo en un momento.
form-done = Listo: { $account } tiene un token nuevo.
form-done-what = Lo que lo esperaba sale ahora. Puedes cerrar esta página.
form-gone = Este enlace ya no vale
form-gone-what = Se usó, venció o no existe. Pide otro en Telegram.
form-busy = Demasiadas visitas: espera un momento.

## Idioma, ayuda, lo demás

language-title = 🌐 <b>Idioma</b>
language-what = ¿En qué idioma te hablo?
help-title = ❓ <b>Ayuda</b>
help-what = Casi todo se hace con botones; los comandos son atajos.
help-reply = <b>Responder</b> responde (deslizando) al mensaje del cliente.
help-queue = <b>Cola</b> /cola · lo que no puede salir solo.
help-find = <b>Buscar</b> <code>/c juan</code> · ficha, secuencias y mensajes.
help-window = <b>Ventana cerrada</b> tu texto se guarda y eliges: plantilla o a mano.
help-blocks = <b>Bloqueos</b> /bloqueos · sospechas y reactivación.
help-alerts = <b>Alertas</b> /alertas · lo que necesita a una persona.
help-why = <b>¿Por qué?</b> /porque respondiendo a un mensaje o a una tarjeta, o con un nombre o código.
help-rest = Además: /menu /secuencias /estado /idioma /cancelar
command-unknown = No conozco { $command }.
command-nearest = ¿Quisiste { $nearest }?
command-help = /ayuda dice qué puedes hacer.
command-start = Iniciar
command-menu = Inicio
command-queue = Cola manual
command-contact = Buscar un contacto
command-sequences = Secuencias
command-templates = Plantillas de WhatsApp
command-blocks = Bloqueos
command-alerts = Alertas
command-accounts = Números
command-costs = Costos
command-why = Por qué pasó (CÓDIGO, o respondiendo a un mensaje)
command-backups = Respaldos
command-status = Estado
command-language = Idioma
command-help-about = Ayuda
private-only = 🔒 Aquí no trabajo: escríbeme en privado.

## Avisos al pulsar

toast-working = ⏳ En curso
toast-sent = ✅ En camino · { $price }
toast-sent-template = ✅ En camino
toast-by-hand = 📱 Anotado: enviado a mano
toast-discarded = 🗑 Descartado
toast-enrolled = 👥 Inscrito
toast-paused = ⏸ En pausa
toast-backup-made = 🗄 Hecho y comprobado
toast-backup-proven = 🔍 Comprobado: es igual
toast-resumed = ▶️ Sigue
toast-resumed-unasked = ▶️ Sigue, sin que Meta respondiera si puede
toast-taken = 🙋 Ahora es tuyo
toast-given-back = 👋 Ahora es de todos
toast-merged = 🔗 Unidos
toast-unmerged = ✂️ Separados
toast-acknowledged = 👀 Anotado
toast-believed = ↩️ Se vuelve a suponer
toast-subscribed = 📨 Suscrita
toast-noted = ✅ Anotado
toast-language = 🌐 Español
toast-ignored = ✖️ Ignorado
toast-done-before = ✅ Eso ya se hizo
toast-old-button = ♻️ Este botón es de antes. Abre /menu.
toast-message-gone = El mensaje original ya no está. No se envió nada.
toast-queue-empty = 📮 Cola vacía 🎉
dialog-ended = ✖️ Cancelado.
dialog-none = No había nada que cancelar.

## Negativas y errores

error-not-permitted = ⛔ Tu rol no puede hacer esto. Pide a un administrador.
error-contact-not-found = No encuentro ese contacto.
error-contact-changed = Ese contacto acaba de cambiar. Inténtalo de nuevo.
error-message-not-found = Ese mensaje ya no está a tu alcance.
error-subject-not-found = Nada tiene ese identificador o código.
error-contact-unaddressed = Meta no nos ha dado ni su teléfono ni su identificador para este número. No se envió.
error-merge-not-found = Esa unión ya no existe.
error-merge-undone = Esa unión ya se deshizo.
error-merge-not-last = Ese contacto se unió después a otro. Deshaz primero esa unión.
error-merge-same = Es el mismo contacto.
error-merge-not-yours = Alguna de sus conversaciones la lleva otra persona. Pide a un administrador que los una.
error-erase-word = No era la palabra. No se borró nada.
error-erase-leaving = Un mensaje a esa persona está saliendo ahora mismo. No se borró nada: prueba de nuevo en un minuto.
error-tag-invalid = Una etiqueta tiene entre 1 y { $most } caracteres.
error-tags-too-many = Ya tiene { $most } etiquetas: quita alguna primero.
error-tag-not-found = Ya no tiene esa etiqueta.
error-field-invalid = «{ $field }» no puede ser el nombre de un dato: letras sin acento, cifras y _; «name» es el nombre de la persona.
error-field-too-long = «{ $field }» es demasiado largo: hasta { $most } caracteres.
error-fields-too-many = Ya tiene { $most } datos: borra alguno primero.
error-note-invalid = Una nota tiene entre 1 y { $most } caracteres.
error-notes-too-many = Ya tiene { $most } notas.
error-pending-not-found = Esa tarjeta ya no está en tu cola.
error-sequence-not-found = Esa secuencia ya no existe.
error-enrollment-not-found = Esa inscripción ya no existe.
error-conversation-not-found = Esa conversación ya no está a tu alcance.
error-not-in-coexistence = Ese número no está unido a la app WhatsApp Business de un teléfono.
error-account-not-found = Ese número ya no existe.
error-agent-not-found = Esa persona ya no está en el equipo.
error-template-not-found = Esa plantilla ya no existe. Elige otra.
error-templates-barred = ⛔ Meta no acepta por ahora esas plantillas de { $account }. No se envió; las respuestas dentro de la ventana salen como siempre.
error-template-not-usable = ⏸ Esa plantilla no se puede usar ahora. Elige otra.
error-alert-not-found = Esa alerta ya no está abierta.
error-already-resolved = 🔒 Ya lo resolvió { $by }.
error-already-resolved-alone = 🔒 Ya se resolvió.
error-stale = ♻️ Esto cambió mientras mirabas. Ya está actualizado.
error-window-closed = ⚫ La ventana se cerró. No se envió: elige plantilla o a mano.
error-reaction-window-closed = ⚫ La ventana se cerró: la reacción no se envió.
error-opted-out = 🚫 Pidió no recibir mensajes. No se envió.
error-blocked = 🟥 Bloqueo confirmado: no se puede enviar.
error-marketing-stopped = 🔕 No quiere mensajes de marketing. No se envió.
error-marketing-us = Meta no entrega marketing a números de Estados Unidos. No se envió.
error-already-enrolled = Ya está en esa secuencia.
error-price-moved = 💱 El precio cambió a { $price }. No se envió: revisa y confirma de nuevo.
error-confirmation-expired = ⌛ Esta confirmación ya no vale (90 segundos, una sola vez).
error-text-too-long = El texto es demasiado largo: { $length } de { $limit } caracteres. No se envió.
error-text-empty = No hay texto que enviar.
error-content-empty = { $field ->
    [body] Falta el texto
    [buttons] Faltan los botones
    [button] Falta el título del botón { $place }
    [label] Falta el título del botón
    [rows] Faltan las opciones de la lista
    [row] Falta el título de la opción { $place }
    [section] Falta el título de la sección { $place }
    [contacts] Falta el contacto
    [name] Falta el nombre
   *[other] Falta un dato ({ $field })
}. No se envió.
error-content-too-long = { $field ->
    [body] El texto es demasiado largo
    [button] El título del botón { $place } es demasiado largo
    [label] El título del botón es demasiado largo
    [row] El título de la opción { $place } es demasiado largo
    [description] La descripción de la opción { $place } es demasiado larga
    [section] El título de la sección { $place } es demasiado largo
    [header] El encabezado es demasiado largo
    [footer] El pie es demasiado largo
    [url] La dirección es demasiado larga
    [name] El nombre es demasiado largo
   *[other] Un dato es demasiado largo ({ $field })
}: { $length } de { $limit } caracteres. No se envió.
error-content-too-many = { $field ->
    [buttons] Hay demasiados botones
    [sections] Hay demasiadas secciones
    [rows] Hay demasiadas opciones
    [contacts] Hay demasiados contactos
    [phones] El contacto tiene demasiados teléfonos
   *[other] Hay demasiado de algo ({ $field })
}: { $count }, y WhatsApp acepta { $limit }. No se envió.
error-content-twice = { $field ->
    [button] El botón { $place } se llama como otro
   *[other] Un dato se repite ({ $field }, { $place })
}. No se envió.
error-content-url = La dirección debe empezar con https:// y nombrar un sitio. No se envió.
error-content-location = Esas coordenadas no existen. No se envió.
error-content-phone = El teléfono del contacto no sirve ({ $place }). No se envió.
error-content-emoji = WhatsApp acepta un solo emoji como reacción. No se envió.
error-content-no-message = Solo se puede reaccionar a mensajes del cliente de los últimos 30 días. No se envió.
error-account-paused = ⏸ { $account } está en pausa. No se envió.
error-account-held = 🔑 { $account } está detenido. No se envió; los administradores lo saben.
error-sequence-not-active = ⏸ Esa secuencia no está activa.
error-sequence-of-another-account = Esta secuencia es de otro de nuestros números.
error-several-accounts = Escribe a varios de nuestros números; indica uno: { $accounts }.
error-nothing-to-resume = No hay nada que reanudar.
error-nothing-to-pause = No hay nada que pausar.
error-not-blocked = No hay ningún bloqueo que levantar.
error-code-invalid = Ese código no vale: está usado, venció o no existe.
error-assumption-unknown = Ese supuesto ya no existe.
error-language-unknown = No hablo ese idioma.
error-storage-unavailable = 🛠 La base de datos no responde. No se hizo nada; prueba en un momento.
error-duplicate = Eso ya está hecho: alguien fue más rápido.
error-inconsistent = Algo de lo que esto depende ya no existe. No se hizo nada.
error-concurrent-change = Otra persona lo estaba cambiando a la vez. No se hizo nada; prueba de nuevo.
error-not-storable = Ese texto tiene caracteres que no se pueden guardar. No se hizo nada.
error-account-exists = Ese número ya está dado de alta.
error-account-blocked = 🔴 Meta lo tiene bloqueado: sigue detenido. La alerta dice por qué; continuará solo cuando Meta lo permita.
error-account-not-usable = Falta algo indispensable. El número no se dio de alta.
error-account-removed = Ese número fue retirado. No se envió.
error-accounts-need-care = Hay números con algo pendiente.
error-business-shared = Otros números usan la misma cuenta ({ $accounts }): sin sus avisos quedarían sordos.
error-token-not-usable = El token nuevo no sirve. Sigue el de antes.
error-agent-exists = Esa persona ya está en el equipo.
error-token-not-found = Ese número no tiene token.
error-token-missing = Ese número no tiene un token que sirva.
error-token-invalid = Meta no acepta el token de ese número. Un administrador debe poner otro.
error-misconfigured = Falta un ajuste o está mal.
error-doctor-found-gaps = Falta algo para poder funcionar.
error-job-failed = La tarea falló.
error-keys-in-environment = Las claves están en el entorno: se cambian allí.
error-audit-broken = La cadena de la auditoría está rota: algo de lo sellado cambió.
error-sequence-file-invalid = El archivo de secuencias está mal en { $field }: { $problem }
error-unreadable-webhook = Lo que llegó no es un aviso de WhatsApp.
error-unexpected = No se pudo. Si era un envío, no se da por hecho. Código { $reference }.

## Envíos que Meta no acepta

error-permission-missing = El token de ese número no tiene permiso para esto. Dale el permiso en Meta, o pon otro.
error-number-gone = Meta ya no conoce ese número. Búscalo en WhatsApp Manager; si ya no está, quítalo de aquí.
error-policy-violation = Meta bloqueó la cuenta por sus políticas. Mira por qué en WhatsApp Manager y pide una revisión.
error-account-locked = Meta bloqueó la cuenta. Mira por qué en WhatsApp Manager y pide una revisión.
error-display-name-missing = El número no tiene un nombre aprobado. Pide la aprobación en WhatsApp Manager.
error-payment = Hay un problema de pago con Meta. Revisa el medio de pago en WhatsApp Manager.
error-number-not-registered = El número no está registrado en WhatsApp. Regístralo en WhatsApp Manager.
error-number-invalid = Ese número está mal escrito en los ajustes.
error-number-in-maintenance = El número está en mantenimiento; se intenta de nuevo.
error-app-limit = Meta pide esperar: demasiadas llamadas de la aplicación. Sigue solo.
error-app-unknown = Faltan el id y el secreto de la aplicación de Meta.
error-account-limit = Meta pide esperar: demasiadas llamadas de la cuenta. Sigue solo.
error-rate-limit = El número envía demasiado rápido; sigue más despacio.
error-spam-limit = Meta frenó el número: muchos lo bloquean o denuncian. Descansa unas horas; después, envía menos y solo lo que la gente espera.
error-pair-limit = Demasiados mensajes seguidos a esta persona; sale un poco después.
error-lease-short = No hubo tiempo; se intenta de nuevo.
error-meta-unknown = Meta tuvo un problema desconocido. Envíalo de nuevo si ves que no llegó.
error-meta-unavailable = Meta no está disponible ahora. Envíalo de nuevo en un rato si ves que no llegó.
error-graph-unreachable = No hay conexión con Meta; se intenta de nuevo.
error-no-answer = Meta no respondió: puede que haya salido.
error-unreadable-answer = No se entendió la respuesta de Meta.
error-unknown-error = Meta dio un error que no conozco. No lo repitas tal cual: pregunta a Meta qué significa el código.
error-blocked-by-us = Esta persona está bloqueada en nuestro WhatsApp. Desbloquéala allí antes de escribirle.
error-experiment = Meta no entrega a esta persona por un experimento suyo. No lo repitas: responde cuando escriba.
error-country-restricted = Meta no permite escribir a ese país. Contáctala por otro medio.
error-recipient-not-allowed = Esta persona no está en la lista de prueba de Meta. Agrégala en Meta, o escribe desde un número que no sea de prueba.
error-recipient-is-sender = El número no puede escribirse a sí mismo. Elige a otra persona.
error-identity-changed = La persona cambió de teléfono. Confirma que sigue siendo ella antes de enviarlo de nuevo.
error-marketing-capped = Meta limita el marketing a esta persona por ahora. Espera unos días, o responde cuando escriba.
error-marketing-only = Por este camino solo sale marketing. Elige una plantilla de marketing.
error-marketing-api-only = Esa plantilla solo sale por la API de marketing. Permite el marketing por Cloud API en WhatsApp Manager, o elige otra.
error-undeliverable = WhatsApp no pudo entregarlo a esa persona. Quizá no tiene WhatsApp o debe actualizarlo: contáctala por otro medio.
error-phone-required = Hace falta el teléfono de esa persona. Pídeselo.
error-template-invalid = El nombre o el idioma de la plantilla está mal.
error-template-missing = Esa plantilla no existe en ese idioma. Elige otra, o créala en WhatsApp Manager.
error-template-parameters = Los datos no encajan en la plantilla. Corrígelos y envíala de nuevo.
error-template-parameter-empty = Falta un dato de la plantilla.
error-template-parameter-too-long = Un dato de la plantilla es demasiado largo.
error-template-text-too-long = El texto de la plantilla queda demasiado largo. Acorta sus datos.
error-template-policy = La plantilla incumple las políticas de Meta. Elige otra, o corrígela en WhatsApp Manager.
error-template-paused = Meta pausó esa plantilla. Elige otra, o espera a que vuelva.
error-template-disabled = Meta desactivó esa plantilla. No vuelve: elige otra.
error-template-limit = Meta frenó las plantillas porque algunas tienen mal la categoría. Corrige las categorías en WhatsApp Manager.
error-template-syncing = Meta está sincronizando esa plantilla. Se intenta de nuevo en unos minutos.
error-template-unavailable = Esa plantilla no está disponible ahora. Se intenta de nuevo; si no sirve, elige otra.
error-template-place-unreadable = Eso no es un lugar: manda una ubicación, o «latitud, longitud».
error-template-file-missing = Esta plantilla lleva un archivo arriba: mándalo como foto, video o documento.
error-template-without-values = Esta plantilla no tiene datos que cambiar.
error-dialog-over = Eso quedó a medias hace rato. Vuelve a elegir la plantilla.
error-template-header-kind = Ese archivo no puede ir arriba de la plantilla.
error-flow-blocked = El formulario de la plantilla está bloqueado. Elige otra, o arregla el formulario en WhatsApp Manager.
error-flow-limit = El formulario de la plantilla está frenado. Se intenta de nuevo en una hora.
error-flow-invalid = El formulario no sirve. Arréglalo en WhatsApp Manager.
error-invalid-parameter = Meta no acepta el mensaje tal como es. Cámbialo antes de enviarlo de nuevo.
error-invalid-cursor = Meta no reconoce la página pedida. Pide la lista de nuevo.
error-unsupported-type = Meta no acepta ese tipo de mensaje. Envíalo de otra forma.
error-file-empty = El archivo está vacío. No se envió.
error-file-unreadable = El archivo está dañado o no es lo que dice ser. No se envió.
error-file-too-complex = El archivo exige demasiado (puntos, imágenes, memoria o tiempo). No se envió; prueba con uno más pequeño.
error-file-too-long = Es demasiado largo: no cabe en lo que acepta WhatsApp. No se envió; mándalo en partes.
error-file-type = WhatsApp no acepta archivos de este tipo ({ $type }). No se envió.
error-file-too-large = El archivo es demasiado grande: WhatsApp acepta hasta { $limit }. No se envió.
error-file-too-large-for-telegram = El archivo es demasiado grande: Telegram entrega a los bots hasta 20 MB. No se envió.
error-file-not-fetched = Telegram no entregó el archivo. No se envió; mándalo de nuevo.
error-file-gone = El archivo ya no está guardado. Mándalo de nuevo.
error-caption-impossible = WhatsApp no muestra texto junto a audios, notas de voz ni stickers. No se envió; manda el texto aparte.
error-caption-too-long = El texto del archivo es demasiado largo: { $length } de { $limit } caracteres. No se envió; manda el texto aparte.
error-upload-failed = El archivo aún no llegó a Meta; se intenta de nuevo.
error-media-not-found = No hay tal archivo.
error-media-not-kept = El archivo no está aquí: no ha llegado, se rechazó o se borró a su tiempo.
error-media-too-old = El archivo tiene más de siete días: Meta ya no lo tiene.
error-media-unavailable = No se pudo descargar el archivo. Pide que lo manden de nuevo.
error-media-refused = Meta no acepta ese archivo. Guárdalo como JPG, MP4 o PDF y mándalo de nuevo.
error-media-gone = Meta ya no tiene ese archivo.
error-media-too-large = El archivo es demasiado grande.
error-media-foreign-host = Meta dio una dirección que no es suya.
error-media-redirected = Meta remitió a otro sitio.
error-media-store-unavailable = El almacén de archivos no responde.
error-message-unavailable = Ese mensaje ya no está en WhatsApp. Búscalo en el teléfono.
error-payments-terms = Falta aceptar las condiciones de pago de WhatsApp. Acéptalas en WhatsApp Manager.
error-already-verified = El número ya estaba verificado. No hay nada que hacer.
error-groups = Los grupos de WhatsApp no funcionan desde aquí. Usa el teléfono.
error-calling = Las llamadas de WhatsApp no funcionan desde aquí. Usa el teléfono.
error-block-list = Meta no aceptó el cambio en la lista de bloqueados. Solo se puede bloquear a quien escribió en las últimas 24 horas.
error-management-refused = Meta no aceptó el cambio de una plantilla o de un número. Hazlo en WhatsApp Manager.
error-usernames = Meta no aceptó el nombre de usuario. Elige otro en WhatsApp Manager.
error-backup-broken = El respaldo está dañado.
error-backup-key = Ese respaldo se cifró con otra clave.
error-backup-not-found = Ese respaldo no existe.
error-backup-schema = El respaldo es de otra versión del programa: restáuralo con ella y actualiza después.
error-backup-store-unavailable = El almacén de respaldos no responde.
error-restore-not-empty = La base de datos no está vacía.
error-restore-served = Otro proceso usa la base de datos: detenlo antes.
error-sync-asked-before = Meta ya entregó eso una vez; para repetirlo hay que desconectar el número y volver a conectarlo.
error-sync-too-late = Pasaron más de 24 horas desde que se conectó el número; hay que desconectarlo y volver a conectarlo.
error-sync-declined = El dueño del teléfono no quiso compartir el historial. Para tenerlo, desconecta el número, conéctalo de nuevo y acepta.
error-recipient-invalid = No hay un número al que escribir.
error-context-invalid = El mensaje citado no se puede citar.
error-content-unreadable = Este mensaje lo escribió otra versión del programa.
error-opaque-invalid = El mensaje no lleva su marca; no se envió.
