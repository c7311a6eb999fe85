"""Two small packs: the five required files, and one with everything."""

from __future__ import annotations

from collections.abc import Mapping

from pasaj.core.pack import Checked, check

ZONES = frozenset({"Africa/Dakar", "America/Lima"})

TOML = """\
schema = 1
code = "northland"
version = "1.0"
languages = ["fr", "en"]
default_language = "fr"
timezone = "Africa/Dakar"
extent = [-20.0, 10.0, -10.0, 20.0]
licence = "CC BY 4.0"
[name]
fr = "Pays du Nord"
en = "Northland"
"""
AREAS = "code,level,name_fr,parent\nNL,0,Pays du Nord,\nNL-A,1,Région A,NL\nNL0101,2,Commune,NL-A\n"
CROSSINGS = (
    "code,name,kind,official,area,counterpart,counterpart_country,lat,lon,precision_km,status,aliases,note,source\n"
    "NL-1,Grand-Pont,land,yes,NL0101,Villefranche,XX,15.5,-12.25,1,open,Gran Pon; Pont ,,Atlas 2020\n"
)
MEASURES = (
    "code,name_fr,kind,unit,direction,categories,cadence,protection,alert_on\n"
    "returns,Retours,count,persons,in,men;women;total,day,no,both\n"
    "water,Eau,quantity,m3,none,,week,yes,down\n"
)
SOURCES = "code,name,institution,definition,url\nREG,Registre,,Tout le monde,https://example.org\n"
SURVEY = "type,name,label\ninteger,entries,Entrées\n"
MINIMAL: dict[str, str] = {
    "pack.toml": TOML,
    "areas.csv": AREAS,
    "crossing_points.csv": CROSSINGS,
    "measures.csv": MEASURES,
    "sources.csv": SOURCES,
}
FULL: dict[str, str] = {
    **MINIMAL,
    "areas.csv": AREAS.replace("parent\n", "parent,source\n")
    .replace("\nNL", "\nNL")
    .replace(",\n", ",,Atlas\n")
    .replace("NL\n", "NL,Atlas\n")
    .replace("NL-A\n", "NL-A,Atlas\n"),
    "pack.toml": TOML.replace("licence =", 'cell = "CELL"\nlicence =') + '[detect]\nmethods = ["ears_c2"]\n'
    '[phone]\ncountry = "221"\ndigits = 9\n',
    "sources.csv": "code,name,institution,definition,url,kind\n"
    "REG,Registre,IMM,Tout le monde,example.org/r,\nPUB,Note,,Publié,,published\n",
    "institutions.csv": "code,name_fr,name_en,kind,supervision,mandate,source,country\n"
    "CELL,Cellule,Cell,coordination,,Coordonner,Loi 1,\n"
    "IMM,Immigration,,border agency,CELL,Contrôler,Loi 2 (verify),XX\n",
    "categories.csv": "measure,code,name_fr\nreturns,men,Hommes\nreturns,women,Femmes\n",
    "instruments.csv": "code,title,kind,date,status,summary,source,verify\n"
    "L-1,Loi,law,1999-12,en vigueur,Texte,JO,check the article\n",
    "functions.csv": "code,name_fr,definition_fr,territory,source\n"
    "CHECK,Contrôle,Entrées et sorties,,Loi 1\nRESCUE,Secours,,NL-A; NL0101,Loi 1\n",
    "mandates.csv": "function,institution,role,territory,basis,from,until,note,source,verify\n"
    "CHECK,IMM,lead,,L-1,2000-01-01,,,Loi 1,\nRESCUE,CELL,support,NL-A,,,2019-12-31,Ancien,Presse,date\n",
    "exchange_layers.csv": "code,name_fr,definition_fr,source\n"
    "ALERTS,Alertes,Avis du jour,Cellule\nLISTS,Listes,,Loi 1\n",
    "exchange_needs.csv": "layer,sender,receiver,hours,basis,note,source,verify\n"
    "ALERTS,IMM,CELL,2.5,,,Cellule,\nLISTS,CELL,IMM,,L-1,Avant,Loi 1,délai\n",
    "contact_roles.csv": "code,name_fr,protection,may_approve,order,source\n"
    "duty,Service,no,no,10,Cellule\nchild,Enfants,yes,yes,,Cellule\n",
    "prices.csv": "code,name_fr,unit,low,high,currency,source\nCAR,Voiture,pièce,38000.5,65000,USD,Cellule\n"
    "PEN,Stylo,pièce,2,,HTG,Cellule\n",
    "alignment.csv": "code,framework,name_fr,name_en,relevance,source\nGCM-1.2,Pacte,Données,Data,core,A/RES/73/195\n"
    "OLD-A,Politique 2015,Retours,,Country,Site (verify)\n",
    "timeline.csv": "date,event,kind,source\n2015-06..2017-09,Retours,policy,Presse\n",
    "calendar.csv": "date,country,crossing,kind,name_fr,source\n"
    "yearly:05-18,,,holiday,Drapeau,Loi\neaster:-2,XX,,holiday,Vendredi,Loi\nweekly:MON,,NL-1,market,Marché,Presse\n"
    "2026-07-01,,,holiday,Jour,Loi\n",
    "posts.csv": "crossing,institution,source,measures,cadence,usual_hour,phone,minimum_staff,note,provenance\n"
    "NL-1,IMM,REG,returns; water,,18,+000,4,,Cellule\n",
    "thresholds.csv": "code,name_fr,measure,category,op,versus,factor,value,protection,source\n"
    "T-1,Plein,returns,men,ge,,,100,yes,Cellule\nT-2,Trop,returns,,ge,water,1.5,,no,Cellule\n",
    "words.csv": "word,meaning,measure,category,language,source\n"
    "rapport,report,,,fr,Cellule\nhommes,,returns,men,fr,Cellule\nretours,figure,returns,,fr,Cellule\n",
    "incident_types.csv": "code,name_fr,definition_fr,domain,quantities,corridor,protection,source\n"
    "drugs,Drogues,Saisies,any,weight:kg|g; parcels:parcels,yes,no,Cellule\n"
    "rescue,Secours,,sea,persons:persons,,yes,x\n",
    "crossing_status.csv": "crossing,side,state,from,until,cause,hours,source\n"
    "NL-1,own,closed,2020-03-16,,Virus,,Presse\nNL-1,other,partly,2023-10-11,2023-10-13,,08:00-12:00,Presse\n",
    "observations/a.csv": "place,measure,direction,category,period,value,quality,source,citation,note,reported_at\n"
    "NL,returns,,,2022-01,1250,exact,PUB,p. 3,,2022-02-01\nNL-1,water,out,,2022,10.5,approx,PUB,,,\n",
    "geo/line.geojson": '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
    '"geometry":{"type":"LineString","coordinates":[[-12,15],[-12.5,15.5]]}}]}',
    "geo/README.md": "Drawn by hand.",
    "frameworks/border/framework.toml": 'code = "border"\nversion = "1"\nlanguages = ["fr", "en"]\n'
    'name = {fr = "Frontière", en = "Border"}\n[[pillars]]\ncode = "LEG"\nname = {fr = "Droit", en = "Law"}\n'
    '[[sources]]\ncode = "GCM"\ntitle = "Global Compact"\n',
    "frameworks/border/indicators.csv": "code,pillar,level,unit,applies_if,sources,question_fr,question_en,"
    "anchor_0_fr,anchor_0_en,anchor_2_fr,anchor_2_en,anchor_4_fr,anchor_4_en\n"
    "LEG-01,LEG,intra,country,,GCM,Oui ?,Yes?,Non,No,Un peu,A little,Oui,Yes\n"
    "LEG-02,LEG,inter,crossing_point,kind=land or LEG-01>=1,GCM,Oui ?,Yes?,Non,No,Un peu,A little,Oui,Yes\n",
    "LICENCES.md": "frameworks/border/framework.toml frameworks/border/indicators.csv "
    "areas.csv crossing_points.csv measures.csv sources.csv institutions.csv categories.csv "
    "instruments.csv timeline.csv calendar.csv posts.csv thresholds.csv words.csv incident_types.csv "
    "crossing_status.csv functions.csv mandates.csv exchange_layers.csv exchange_needs.csv "
    "contact_roles.csv alignment.csv prices.csv "
    "observations/a.csv geo/line.geojson: CC0",
}


def raw(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}


def checked(changes: Mapping[str, str | bytes | None], base: Mapping[str, str] = FULL) -> Checked:
    """The full pack with some files changed, or left out (None)."""
    files = {**base, **changes}
    return check(raw({name: text for name, text in files.items() if text is not None}), zones=ZONES)


def said(found: Checked) -> list[tuple[str, str, int | None, str]]:
    return [(one.code, one.file, one.row, one.column) for one in found.problems]


def warned(found: Checked) -> list[tuple[str, str, int | None, str]]:
    return [(one.code, one.file, one.row, one.column) for one in found.warnings]
