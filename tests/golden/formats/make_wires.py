"""Writes the release as NITF and as NewsML-G2. Run it from anywhere: ``python tests/golden/formats/make_wires.py``."""

from __future__ import annotations

from story import HERE, parts, xhtml

_, headline, subhead, lead, *body, _ = parts()  # the label above and the mark below have no place in a wire's format
dateline, _, news = lead.texts[0].partition(" - ")
place, date = dateline[: dateline.index(", July")], dateline[dateline.index("July") :]
elements = "\n".join(map(xhtml, [lead._replace(texts=[news]), *body]))

NITF = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
<nitf>
<head>
<title>Fernhollow restart</title>
<docdata management-status="usable">
<doc-id regsrc="fernhollow.example" id-string="fernhollow-2026-07-14-1"/>
<date.issue norm="20260714T070000-0400"/>
<date.release norm="20260714T070000-0400"/>
</docdata>
</head>
<body xml:lang="en">
<body.head>
<hedline><hl1>{headline.texts[0]}</hl1><hl2>{subhead.texts[0]}</hl2></hedline>
<dateline><location>{place}</location>, <story.date>{date}</story.date> -</dateline>
</body.head>
<body.content>
{elements.replace("h2>", "hl2>")}
</body.content>
</body>
</nitf>
"""

NEWSML = f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
<header><sent>2026-07-14T07:00:01-04:00</sent></header>
<itemSet>
<packageItem guid="tag:fernhollow.example,2026:package-1" version="1"/>
<newsItem guid="tag:fernhollow.example,2026:restart" version="1" xml:lang="en">
<itemMeta>
<itemClass qcode="ninat:text"/>
<provider qcode="org:fernhollow"/>
<versionCreated>2026-07-14T07:00:00-04:00</versionCreated>
<pubStatus qcode="stat:usable"/>
</itemMeta>
<contentMeta>
<headline>{headline.texts[0]}</headline>
<headline role="hld:subHeadline">{subhead.texts[0]}</headline>
<dateline>{dateline} -</dateline>
</contentMeta>
<contentSet>
<inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>Fernhollow restart</title></head>
<body>
{elements}
</body>
</html>
</inlineXML>
</contentSet>
</newsItem>
</itemSet>
</newsMessage>
"""

(HERE / "release.nitf.xml").write_bytes(NITF.encode("iso-8859-1", "xmlcharrefreplace"))
(HERE / "release.newsml.xml").write_bytes(NEWSML.encode())
