"""What each fault is, and what to do about it, in Danish. Data only: by kind and subject, `*` is any."""

from __future__ import annotations

FAULTS = {
    "mqtt/broker": (
        "Ingen forbindelse til MQTT-brokeren.",
        "Trådløse knapper virker ikke: brug telefon/112. Tjek netværk og broker.",
    ),
    "mqtt/client-id": (
        "To maskiner bruger samme MQTT-navn og afbryder hinanden.",
        "Stop den ene, eller ret serve, så hver maskine har sine egne steder.",
    ),
    "mqtt/handler": (
        "En besked fra MQTT kunne ikke behandles.",
        "Et tryk kan være gået tabt: prøv knappen, og se loggen.",
    ),
    "gpio/edges": (
        "Maskinen registrerer ikke længere tryk med det samme.",
        "Knapperne aflæses stadig, men langsommere. Genstart alarmbro.",
    ),
    "gpio/door": (
        "Et tryk på en kablet knap blev ikke modtaget.",
        "Spørg, om nogen har trykket. Se loggen, og genstart alarmbro.",
    ),
    "gpio/chip": (
        "Maskinens tilslutning til de kablede knapper kan ikke bruges.",
        "Ingen kablede knapper på den virker: brug telefon/112. Der prøves igen; se loggen, og giv IT-drift besked.",
    ),
    "gpio/*": (
        "Knappen {subject} kan ikke aflæses.",
        "Den virker ikke: brug telefon/112. Tjek kablet og tilslutningen til GPIO.",
    ),
    "active/*": (
        "Knappen {subject} stod som trykket, da forbindelsen kom.",
        "Spørg, om nogen har brug for hjælp. Den kan først give alarm, når den har været sluppet.",
    ),
    "swallowed/*": (
        "Et tryk på {subject} kan være gået tabt: dens batteri er lavt.",
        "Spørg nu, om nogen har brug for hjælp. Skift batteri, og prøv knappen.",
    ),
    "stuck/*": (
        "Knappen {subject} har været trykket ind længe.",
        "Den kan ikke give en ny alarm. Tjek, om den sidder fast, eller kablet er klemt.",
    ),
    "cable/*": (
        "Kablet til knappen {subject} er beskadiget, eller et tryk på den blev kun halvt registreret.",
        "Spørg nu, om nogen har brug for hjælp. Se kablet efter, og prøv knappen.",
    ),
    "flapping/*": (
        "Der er støj på kablet til knappen {subject}.",
        "Den virker, men kan snart svigte eller give falsk alarm. Se efter løse klemmer og kabler tæt på stærkstrøm.",
    ),
    "chatter/*": (
        "Knappen {subject} giver alarm igen og igen.",
        "Hvert tryk gælder stadig. Spørg, om nogen har brug for hjælp; se så til knap og kabel.",
    ),
    "journal/write": (
        "Der kan ikke skrives i hændelsesloggen.",
        "Alarmer sendes stadig, men huskes ikke ved genstart. Tjek disk og plads.",
    ),
    "journal/opening": (
        "Hændelsesloggen kan ikke åbnes.",
        "Alarmer sendes, men åbne alarmer fra før starten kendes ikke endnu. Tjek hukommelseskort eller disk.",
    ),
    "journal/stall": (
        "Det går for langsomt at skrive i hændelsesloggen.",
        "Alarmer sendes stadig. Tjek hukommelseskort eller disk.",
    ),
    "journal/replaced": (
        "Hændelsesloggen er skadet, flyttet eller byttet ud.",
        "En ny er begyndt. Gem den gamle, og find ud af hvem og hvorfor.",
    ),
    "journal/copy": (
        "Den natlige kopi af hændelsesloggen er ikke lavet.",
        "Alarmer er ikke berørt. Se systemctl status alarmbro-backup; tjek plads og disk.",
    ),
    "journal/senseless": (
        "En linje i hændelsesloggen giver ikke mening.",
        "Den springes over, og alt andet gælder. Gem loggen, kør alarmbro journal verify, og find årsagen.",
    ),
    "certificate/*": (
        "Certifikatet {subject} udløber snart eller er udløbet.",
        "Derefter kommer ingen forbindelse i stand med det. Lav et nyt, og kør alarmbro reload.",
    ),
    "target/*": (
        "Modtageren {subject} kan ikke nås.",
        "Der prøves igen. Tjek adresse og udbyder; giv modtageren besked på anden måde.",
    ),
    "target_stuck/*": (
        "Afsendelse til {subject} hænger.",
        "Andre modtagere får stadig besked. Tjek netværk og udbyder.",
    ),
    "listener/turn": (
        "Alarmbro løb ind i en fejl, mens den afgjorde, hvem der skal have besked.",
        "Alarmer kan være forsinkede. Se loggen, og giv IT-drift besked.",
    ),
    "listener/watching": (
        "Maskinen ser ikke længere efter andre steder og melder ikke til Home Assistant.",
        "Alarmer sendes stadig. Se loggen, og genstart alarmbro.",
    ),
    "listener/beacon": (
        "Maskinen sender ikke længere livstegn.",
        "Alarmer sendes stadig. Se loggen, og genstart alarmbro.",
    ),
    "listener/*": (
        "Alarmbro lytter ikke længere på {subject}.",
        "Knapper dér virker måske ikke: brug telefon/112. Genstart alarmbro.",
    ),
    "nobody_told/*": (
        "INGEN HAR FÅET BESKED OM ALARM {subject}.",
        "Ring 112, og gå til stedet med en kollega, hvis det er sikkert.",
    ),
    "unroutable/*": (
        "Alarmen {subject} kommer fra et sted, som ikke er i konfigurationen.",
        "Ring til stedet. Får du ikke fat i nogen, så ring 112. Ret derefter konfigurationen.",
    ),
    "reviewed/*": (
        "Kontaktoplysningerne for {subject} er ikke gennemgået i over 12 måneder.",
        "Prøv dem (alarmbro send), ret dem, og skriv datoen i reviewed.",
    ),
    "test_due/*": (
        "Alarmer mangler den årlige test.",
        "Find en dag, og prøv dem: alarmbro test start {subject}.",
    ),
    "feedback/*": (
        "En lampe virker ikke: {subject}.",
        "Alarmer sendes som før. Tjek lampen, kablet og benets nummer.",
    ),
    "configuration/*": (
        "Den ændrede konfiguration blev ikke taget i brug, fordi der er fejl i den.",
        "Den gamle gælder stadig, men maskinen kan ikke genstarte med den nye: ret filen, og kør alarmbro reload.",
    ),
    "clock/*": (
        "Maskinens ur går forkert eller er ikke stillet.",
        "Alarmer sendes stadig, men tidspunkter kan være forkerte. Tjek netværk og NTP.",
    ),
    "silent/*": (
        "Knappen {subject} har ikke meldt sig.",
        "Den virker måske ikke: brug telefon/112. Tjek batteri og rækkevidde, og prøv den.",
    ),
    "battery/*": (
        "Lavt batteri i {subject}.",
        "Skift eller oplad batteriet i dag, og prøv knappen bagefter.",
    ),
    "offline/*": (
        "Knappen {subject} er ikke i forbindelse.",
        "Den virker ikke: brug telefon/112. Tjek batteri, rækkevidde og gateway.",
    ),
    "gateway/*": (
        "Gatewayen {subject} er ikke i forbindelse.",
        "Ingen af dens knapper virker: brug telefon/112. Tjek strøm og netværk til den.",
    ),
    "link/*": (
        "Knappen {subject} har dårlig radioforbindelse.",
        "Den kan falde ud. Flyt gateway eller repeater tættere på, og prøv knappen.",
    ),
    "tamper/*": (
        "Knappen {subject} er åbnet.",
        "Spørg, om nogen skifter batteri. Ellers: se efter den, og prøv den.",
    ),
    "probe/*": (
        "Modtageren {subject} svarer ikke, når den prøves.",
        "En alarm når den måske ikke. Tjek adresse, adgangskode, udbyder og netværk.",
    ),
    "disk/*": (
        "Disken er næsten fuld.",
        "Alarmer sendes, men kan snart ikke gemmes. Ryd op, eller sæt et større hukommelseskort i.",
    ),
    "temperature/*": (
        "Maskinen er for varm.",
        "Den bliver langsom og kan gå i stå. Sørg for luft omkring den.",
    ),
    "memory/*": (
        "Maskinen har næsten ikke mere hukommelse.",
        "Alarmer kan blive forsinket. Se, hvad der ellers kører på den.",
    ),
    "power/*": (
        "Maskinen får for lidt strøm.",
        "Den kan gå i stå uden varsel. Skift strømforsyning eller kabel.",
    ),
    "site/*": (
        "Stedet {subject} melder sig ikke.",
        "Dets knapper virker måske ikke: ring derhen, og tjek maskinen, strømmen og netværket.",
    ),
    "watch_me/*": (
        "Overvågningen {subject} får ikke livstegn fra maskinen.",
        "Alarmer sendes stadig. Tjek watch_me, netværket og overvågningen.",
    ),
    "metrics/*": (
        "Målingerne på {subject} kan ikke læses.",
        "Alarmer sendes stadig. Se, hvad der ellers lytter der, eller ret metrics i konfigurationen.",
    ),
    "watching/*": (
        "Maskinen kan ikke følge andre steder eller Home Assistant ({subject}).",
        "Alarmer sendes stadig. Tjek brokerens adgangsregler og loggen.",
    ),
    "*": (
        "Fejl i {kind}: {subject}.",
        "Alarmer kan blive forsinket eller udeblive. Se `alarmbro status` og loggen.",
    ),
}
