"""The doctor's words in Danish. Data only: by code, what was found, and what to do about it."""

from __future__ import annotations

CHECKS = {
    "configuration": "konfiguration", "daemon": "alarmbro", "gpio": "GPIO", "broker": "broker", "target": "modtager",
    "clock": "ur", "timezone": "tidszone", "disk": "disk", "wear": "slid", "memory": "hukommelse",
    "temperature": "temperatur", "power": "strøm", "versions": "versioner", "journal": "hændelseslog",
    "service": "tjeneste", "rights": "rettigheder",
}  # fmt: skip
STATES = {"ok": "OK", "warning": "ADVARSEL", "failed": "FEJL"}
LINE = "{state}  {check}{subject}: {text}"
DO = "{text} Gør: {do}"
TOTAL = "{failed} fejl, {warning} advarsler, {ok} i orden."
WORDS = {
    "doctor.hangs": ("Der kom intet svar inden {seconds} s: det hænger.", "Se efter disk, netværk og navneserver."),
    "doctor.no_thread": ("Maskinen har ingen tråde tilbage.", "Se, hvad der ellers kører på den, og genstart den."),
    "doctor.stumbled": ("Lægen selv løb ind i en fejl ({where}).", "Meld fejlen til dem, der laver alarmbro."),
    "configuration.right": ("{path} er i orden: steder {sites}, {devices} knapper.", ""),
    "configuration.wrong": (
        "{path} kan ikke bruges; derfor er ben, broker og modtagere ikke prøvet.", "ret det, der står nedenfor.",
    ),
    "configuration.finding": ("{text}", ""),
    "configuration.barred": (
        "{user} må ikke læse {path}; derfor er ikke alt prøvet.",
        "kør den som tjenestens bruger: sudo -u alarmbro alarmbro doctor",
    ),
    "daemon.answers": ("alarmbro {version} svarer: {devices} knapper, {alarms} åbne alarmer.", ""),
    "daemon.older": (
        "Den, der kører, er version {theirs}; installeret er {ours}.", "genstart den: systemctl restart alarmbro",
    ),
    "daemon.unlinked": ("Ingen forbindelse til brokeren for {site}.", "se linjerne om brokeren."),
    "daemon.test": ("{site} er under test til {until}: et enkelt tryk er ikke alvor.", "alarmbro test finish"),
    "daemon.barred": (
        "{user} må ikke spørge alarmbro i {folder}.", "brug sudo, eller sæt brugeren i gruppen alarmbro.",
    ),
    "daemon.silent": (
        "alarmbro er der, men svarer ikke ({error}).", "se loggen: journalctl -u alarmbro; genstart den.",
    ),
    "daemon.away": (
        "alarmbro kører ikke (i {folder}): INGEN KNAP GIVER ALARM.", "systemctl start alarmbro, eller vis --run-dir.",
    ),
    "gpio.none_wired": ("Ingen kablede knapper på denne maskine.", ""),
    "gpio.mock": (
        "gpio er sat til mock: kablede knapper virker ikke.", "skriv gpio: {{factory: lgpio}} på en rigtig maskine.",
    ),
    "gpio.no_chip": (
        "Maskinen har ingen GPIO-chip (/dev/gpiochip*), men konfigurationen har kablede knapper.",
        "brug en Raspberry Pi, eller ret serve.",
    ),
    "gpio.no_chip_perhaps": ("Maskinen har ingen GPIO-chip (/dev/gpiochip*).", "skal den have kablede knapper?"),
    "gpio.open": ("{path} kan åbnes af tjenesten (gruppe {group}).", ""),
    "gpio.service_barred": (
        "Tjenestens bruger {service} må ikke åbne {path} (gruppe {group}).",
        "usermod --append --groups {group} {service}, og genstart alarmbro.",
    ),
    "gpio.barred": ("{user} må ikke åbne {path} (gruppe {group}).", "sæt brugeren i gruppen {group}."),
    "gpio.not_tried": ("Benene er ikke prøvet: {user} må ikke åbne chippen.", "sudo alarmbro doctor"),
    "gpio.folder": ("lgpio kan bruge {folder}.", ""),
    "gpio.folder_later": ("{folder} er der ikke endnu; den laves, når alarmbro starter.", ""),
    "gpio.folder_missing": (
        "LG_WD er {folder}, som ikke er der: lgpio kan ikke starte.", "lav mappen, eller ret LG_WD.",
    ),
    "gpio.folder_closed": (
        "lgpio kan ikke skrive i {folder} og kan derfor ikke starte.", "giv tjenestens bruger lov, eller ret LG_WD.",
    ),
    "gpio.lgpio_works": ("lgpio virker på {board}.", ""),
    "gpio.lgpio_fails": ("lgpio kan ikke bruges: {error}", "følg teksten; indtil da virker ingen kablet knap."),
    "gpio.held": ("Ben {pin} holdes af alarmbro.", ""),
    "gpio.untold": ("Ben {pin} er ikke prøvet: alarmbro kører, men kunne ikke spørges.", "se linjen om alarmbro."),
    "gpio.newer": ("Den kørende alarmbro kender ikke ben {pin}.", "alarmbro reload"),
    "gpio.unread": ("alarmbro kan ikke læse ben {pin}.", "knappen virker ikke: tjek kabel og ben, og se loggen."),
    "gpio.taken": ("Ben {pin} bruges af et andet program ({holder}).", "stop det, eller brug et andet ben."),
    "gpio.fails": (
        "Ben {pin} kan ikke læses ({error}).", "tjek benets nummer, og om 1-Wire, SPI eller UART bruger det.",
    ),
    "gpio.free": ("Ben {pin} (en udgang) er frit; det er ikke prøvet.", ""),
    "gpio.rests": ("Ben {pin} kan læses, og kontakten er i hvile.", ""),
    "gpio.pressed": (
        "Ben {pin} kan læses, men kontakten står som trykket.", "se, om knappen sidder fast, eller kablet er skadet.",
    ),
    "broker.line": ("{address} kan ikke nås: {reason} ({detail}).", "tjek adresse, netværk, firewall og certifikat."),
    "broker.in": ("{address} lukker os ind som {user}.", ""),
    "broker.denied": ("Brokeren afviser {user} ({said}).", "ret mqtt.url eller adgangskoden."),
    "broker.refused": ("Brokeren tager ikke imod os ({said}).", "se brokerens log."),
    "broker.no_answer": ("Brokeren svarer ikke på abonnementerne for {site}.", "se brokerens log."),
    "broker.unsubscribed": (
        "Brokeren afviser for {site}: {topics}", "giv brugeren lov til at læse disse emner i brokerens adgangsregler.",
    ),
    "broker.one_name": (
        "Brokeren giver alle forbindelser fra {user} samme navn: de afbryder hinanden.",
        "brug en indgang uden use_username_as_clientid.",
    ),
    "broker.heard": ("{site}: {number} abonnementer er bevilget, og der kan læses under stedets emner.", ""),
    "broker.taken": ("{site}: {number} abonnementer er bevilget, og der kan skrives under stedets emner.", ""),
    "broker.closed": (
        "{site}: brokeren lader os hverken skrive eller læse under stedets emner, selv om den bevilger abonnementerne.",
        "giv brugeren lov til stedets emner i brokerens adgangsregler.",
    ),
    "broker.unheard": (
        "{site}: abonnementerne er bevilget, men om brokeren afleverer, kunne ikke ses.",
        "prøv en knap under en test: alarmbro test start {site}",
    ),
    "broker.name_free": ("Ingen anden melder sig som {name}.", ""),
    "broker.name_ours": ("{name} er denne maskines forbindelse.", ""),
    "broker.name_taken": (
        "En anden maskine melder, at den kører {site}; to med navnet {name} afbryder hinanden.",
        "ret serve, så hvert sted har én maskine. Er alarmbro her lige stoppet, så prøv igen om et minut.",
    ),
    "certificate.holds": (
        "Certifikatet gælder {days} dage endnu (til {ends}).", "forny det, og se, hvorfor det ikke sker af sig selv.",
    ),
    "certificate.over": ("Certifikatet udløb {ends}.", "forny det."),
    "target.proved": ("svarer, og adgangen er i orden.", ""),
    "target.reached": ("svarer; adgangen kan kun prøves ved at sende (alarmbro send {recipient}).", ""),
    "target.not_tried": ("kan ikke prøves uden at sende.", "alarmbro send {recipient}"),
    "target.no_way": ("kan ikke nås: {reason} ({detail}).", "tjek navn, navneserver og netværk."),
    "target.tls": ("TLS virker ikke: {detail}.", "tjek certifikatet dér, uret her og ca-certificates."),
    "target.denied": ("afviser adgangen: {reason} ({detail}).", "ret adgangskoden eller nøglen i hemmeligheden."),
    "target.fails": ("svarer ikke, som den skal: {reason} ({detail}).", "tjek adresse og udbyder."),
    "target.unverified": (
        "Certifikatet kontrolleres ikke (verify=no).", "fjern verify=no, og giv serveren et certifikat.",
    ),
    "target.proxy": (
        "Her er sat {names}; modtagere prøves ikke gennem en proxy, og tjenesten bruger ingen.",
        "prøv uden: env -u https_proxy -u http_proxy -u all_proxy -u HTTPS_PROXY -u HTTP_PROXY -u ALL_PROXY …",
    ),
    "clock.right": ("Uret er stillet.", ""),
    "clock.adrift": ("Ingen stiller maskinens ur.", "tjek netværk og NTP: timedatectl"),
    "timezone.same": ("{zone}, som maskinens egen.", ""),
    "timezone.other": ("Beskeder følger {zone}; maskinens eget ur viser UTC{hours}.", ""),
    "timezone.unknown": ("Maskinen kender ikke {zone}.", "apt install tzdata, eller ret timezone."),
    "machine.unmeasured": ("måles ikke på denne maskine.", ""),
    "memory.free": ("{share} er fri.", "se, hvad der ellers kører på maskinen."),
    "memory.low": ("Kun {share} er fri.", "se, hvad der ellers kører på maskinen."),
    "temperature.is": ("{celsius} °C.", "sørg for luft omkring maskinen."),
    "temperature.hot": ("{celsius} °C: den bliver langsom og kan gå i stå.", "sørg for luft omkring maskinen."),
    "power.enough": ("Strømforsyningen er god, og har været det siden start.", ""),
    "power.undervoltage": ("Maskinen får for lidt strøm lige nu.", "skift strømforsyning eller kabel."),
    "power.capped": ("Maskinen er sat ned i hastighed lige nu.", "skift strømforsyning, og sørg for luft."),
    "power.throttled": ("Maskinen bremser sig selv lige nu.", "skift strømforsyning, og sørg for luft."),
    "power.soft": ("Maskinen er så varm, at den sætter farten ned lige nu.", "sørg for luft omkring den."),
    "power.undervoltage_was": (
        "Maskinen har fået for lidt strøm, siden den startede.", "skift strømforsyning eller kabel.",
    ),
    "power.capped_was": ("Maskinen har været sat ned i hastighed, siden den startede.", "skift strømforsyning; luft."),
    "power.throttled_was": (
        "Maskinen har bremset sig selv, siden den startede.", "skift strømforsyning; sørg for luft.",
    ),
    "power.soft_was": ("Maskinen har været for varm, siden den startede.", "sørg for luft omkring den."),
    "disk.room": ("{megabytes} MB fri i {folder}.", ""),
    "disk.filling": ("Kun {megabytes} MB fri i {folder} (plads til {files} filer).", "ryd op, inden den er fuld."),
    "disk.full": (
        "Kun {megabytes} MB fri i {folder} (plads til {files} filer).", "ryd op, eller sæt et større kort i.",
    ),
    "disk.unknown": ("{folder} kan ikke måles.", "er mappen der? Den laves, når alarmbro starter."),
    "disk.read_only": ("{folder} ligger på en disk, der ikke kan skrives på.", "tjek kortet (dmesg), og genstart."),
    "disk.forgets": (
        "{folder} ligger på {kind}: hændelsesloggen er væk efter en genstart.", "læg mappen på kortet eller disken.",
    ),
    "wear.errors": (
        "Filsystemet under {folder} har talt {errors} fejl.", "skift kortet, og gem hændelsesloggen først.",
    ),
    "wear.untold": ("{name} ({kind}, fra {made}) siger intet om sit slid.", ""),
    "wear.fine": ("{name} ({kind}, fra {made}) har brugt op til {share} af sin levetid.", ""),
    "wear.worn": ("{name} ({kind}, fra {made}) har brugt op til {share} af sin levetid.", "planlæg at skifte det."),
    "wear.over": ("{name} ({kind}, fra {made}) har brugt sin levetid.", "skift det nu, og gem hændelsesloggen først."),
    "versions.are": ("{parts}.", ""),
    "versions.missing": (
        "{name} er ikke installeret.", "installér {name} {floor} eller nyere; for lgpio: apt install python3-lgpio",
    ),
    "versions.old": ("{name} {version} er for gammel.", "installér {name} {floor} eller nyere."),
    "journal.current": ("{path} har dette programs format ({version}).", ""),
    "journal.older": ("{path} har format {version}; den bliver til {ours}, når alarmbro starter.", ""),
    "journal.newer": (
        "{path} har format {version}, dette program kender {ours}.", "installér den nyere alarmbro igen.",
    ),
    "journal.unreadable": ("{path} kan ikke læses: {error}", "alarmbro journal verify"),
    "journal.barred": ("{path} må ikke læses af denne bruger.", "sudo -u alarmbro alarmbro doctor"),
    "service.no_systemd": (
        "systemd styrer ikke denne maskine, eller svarer ikke.", "sørg selv for, at alarmbro starter igen.",
    ),
    "service.as": ("Prøvet med samme rettigheder som tjenesten: brugeren {user}.", ""),
    "service.absent": ("{unit} er ikke installeret.", "sudo make install, eller pakken alarmbro."),
    "service.unloadable": ("{unit} kan ikke læses af systemd ({state}).", "systemctl status {unit}"),
    "service.changed": ("{unit} er ændret på disken.", "systemctl daemon-reload"),
    "service.disabled": ("{unit} starter ikke med maskinen.", "systemctl enable {unit}"),
    "service.inactive": ("{unit} kører ikke ({state}, {sub}).", "systemctl status {unit}; systemctl start {unit}"),
    "service.restarted": ("{unit} kører, men er genstartet {times} gange.", "se loggen: journalctl -u {unit}"),
    "service.runs": ("{unit} kører og starter med maskinen.", ""),
    "service.shut_in": ("Tjenesten er godt lukket inde: {exposure} af 10 (højst {limit}).", ""),
    "service.exposed": (
        "Tjenesten kan for meget: {exposure} af 10 (højst {limit}).", "se drop-ins: systemctl cat alarmbro",
    ),
    "service.security_unknown": ("systemd siger intet om tjenestens sikkerhed.", "systemd-analyze security alarmbro"),
    "rights.right": ("{mode}, ejes af {owner}.", ""),
    "rights.secrets_open": ("{path} kan læses af andre ({mode}).", "chmod {wanted} {path}"),
    "rights.writable": ("Alle på maskinen kan ændre {path} ({mode}).", "chmod {wanted} {path}"),
    "rights.readable": ("Alle på maskinen kan læse {path} ({mode}); der står navne.", "chmod {wanted} {path}"),
    "rights.barred": (
        "{service} kan ikke bruge {path} ({mode}, ejes af {owner}).",
        "kør den som tjenestens bruger: sudo -u alarmbro alarmbro doctor",
    ),
    "rights.unusable": ("{service} kan ikke bruge {path} ({mode}, ejes af {owner}).", "chown {service} {path}"),
}  # fmt: skip
