"""Problems of CAP messages: what makes one invalid, what is only to be recommended, and signatures."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "CAP-001",
        N_("The message has {size} bytes; at most {limit} are read."),
        N_("Leave out files within the message (derefUri) and send their addresses."),
    ),
    Kind(
        "CAP-002",
        N_("This is no well-formed XML: {detail}"),
        N_("Mend the place that is named, or write the message again with a program that makes XML."),
    ),
    Kind(
        "CAP-003",
        N_("The message has a document type or entities of its own."),
        N_("Remove the DOCTYPE line; CAP messages need none."),
    ),
    Kind(
        "CAP-004",
        N_("This is “{found}”, not an alert of CAP 1.2."),
        N_("The first element is alert in the namespace urn:oasis:names:tc:emergency:cap:1.2."),
    ),
    Kind(
        "CAP-005",
        N_("{parent} has no element {name}."),
        N_("Check spelling, capital letters and namespace, or move it to where it belongs."),
    ),
    Kind(
        "CAP-006",
        N_("{name} stands after {before}."),
        N_("The order of the elements is fixed: move {name} before {before}."),
    ),
    Kind(
        "CAP-007",
        N_("{parent} lacks {name}."),
        N_("Add {name} at its place in the order."),
    ),
    Kind(
        "CAP-008",
        N_("{name} stands more than once in {parent}."),
        N_("Keep one of them."),
    ),
    Kind(
        "CAP-009",
        N_("{name} is an attribute, and CAP elements have none."),
        N_("Remove the attribute."),
    ),
    Kind(
        "CAP-010",
        N_("There is text between the elements of {parent}: “{value}”."),
        N_("Put it into an element, or remove it."),
    ),
    Kind(
        "CAP-011",
        N_("{parent} holds text alone, and has the element {name} within."),
        N_("Write the text without markup."),
    ),
    Kind(
        "CAP-012",
        N_("“{value}” is none of the words of {name}."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "CAP-013",
        N_("“{value}” is not a time as CAP writes it."),
        N_("Write it like 2026-11-30T09:15:00-05:00: no Z, no fractions; UTC is -00:00."),
    ),
    Kind(
        "CAP-014",
        N_("“{value}” is not a number."),
        N_("Write size as a whole number, altitude and ceiling with digits and a point."),
    ),
    Kind(
        "CAP-015",
        N_("“{value}” is not a language code."),
        N_("Write it like fr, ht or es-DO (RFC 3066)."),
    ),
    Kind(
        "CAP-016",
        N_("“{value}” is not an address (URI)."),
        N_("Write the whole address, with blanks and special signs percent-encoded."),
    ),
    Kind(
        "CAP-017",
        N_("{name} is empty."),
        N_("Write its value."),
    ),
    Kind(
        "CAP-018",
        N_("{name} is “{value}”: blanks, commas, < and & cannot stand in it."),
        N_("Take them out; others find the message by it, to the letter."),
    ),
    Kind(
        "CAP-019",
        N_("{type} names no message that it is about."),
        N_("Write into references the sender, identifier and sent of each message that it replaces or answers."),
    ),
    Kind(
        "CAP-020",
        N_("The references are not triples of sender, identifier and sent: “{value}”."),
        N_("Join the three with commas, to the letter as they stood in that message; blanks stand between triples."),
    ),
    Kind(
        "CAP-021",
        N_("The message refers to itself."),
        N_("Give it an identifier of its own, or take the reference out."),
    ),
    Kind(
        "CAP-022",
        N_("It refers to {identifier} of {sent}, which is later than the message itself."),
        N_("Check both times; only what was sent before can be referred to."),
    ),
    Kind(
        "CAP-023",
        N_("It refers to {identifier} twice."),
        N_("Keep one of them."),
    ),
    Kind(
        "CAP-024",
        N_("The scope is Restricted and no restriction is said."),
        N_("Say in restriction who may have it."),
    ),
    Kind(
        "CAP-025",
        N_("A restriction is said and the scope is {scope}."),
        N_("Set the scope to Restricted, or take the restriction out."),
    ),
    Kind(
        "CAP-026",
        N_("The scope is Private and no addresses are named."),
        N_("Name in addresses for whom it is."),
    ),
    Kind(
        "CAP-027",
        N_("{name} has a quotation mark without another one."),
        N_("Put entries with blanks into a pair of quotation marks, with a blank between entries."),
    ),
    Kind(
        "CAP-028",
        N_("There is no info block: the message tells nothing."),
        N_("Add an info block for each language."),
    ),
    Kind(
        "CAP-029",
        N_("The info block has no {name}."),
        N_("Add it: receivers show and filter by it."),
    ),
    Kind(
        "CAP-030",
        N_("The info blocks have different categories."),
        N_("Give each the same categories; another kind of event is another message."),
    ),
    Kind(
        "CAP-031",
        N_("The info blocks have different event codes."),
        N_("Give each the same event codes; another kind of event is another message."),
    ),
    Kind(
        "CAP-032",
        N_("It expires before it takes effect."),
        N_("Set expires after effective."),
    ),
    Kind(
        "CAP-033",
        N_("It expires before the event begins."),
        N_("Set expires after onset."),
    ),
    Kind(
        "CAP-034",
        N_("It expires before it is sent, or in the same second."),
        N_("Set expires after sent."),
    ),
    Kind(
        "CAP-035",
        N_("The {name} is the same text as in info block {other}, which is in another language."),
        N_("Translate it, or correct the language."),
    ),
    Kind(
        "CAP-036",
        N_("There is markup in the text: “{value}”."),
        N_("Write plain text: CAP shows tags and entities of HTML as they stand."),
    ),
    Kind(
        "CAP-037",
        N_("“{value}” is not a whole address."),
        N_("Begin it with https://."),
    ),
    Kind(
        "CAP-038",
        N_("The area is described by words only."),
        N_("Add a polygon, a circle or a geocode."),
    ),
    Kind(
        "CAP-039",
        N_("“{value}” is not a row of points."),
        N_("Write latitude,longitude pairs in degrees with blanks between them: 18.84,-71.87 18.85,-71.80 …"),
    ),
    Kind(
        "CAP-040",
        N_("The polygon is not closed: it needs four points or more, the last of them the first again."),
        N_("Write the first point once more at the end."),
    ),
    Kind(
        "CAP-041",
        N_("The polygon crosses itself."),
        N_("Put the points in the order in which one walks around the area."),
    ),
    Kind(
        "CAP-042",
        N_("“{value}” is not a circle."),
        N_("Write latitude,longitude, a blank and the radius in kilometres: 18.84,-71.87 5"),
    ),
    Kind(
        "CAP-043",
        N_("There is a ceiling without an altitude."),
        N_("Say the altitude where the area begins, or take the ceiling out."),
    ),
    Kind(
        "CAP-044",
        N_("The altitude is above the ceiling."),
        N_("Exchange the two; both are feet above sea level."),
    ),
    Kind(
        "CAP-045",
        N_("“{value}” is not a media type."),
        N_("Write it like image/png."),
    ),
    Kind(
        "CAP-046",
        N_("The text of {column} cannot stand in a CAP message."),
        N_("Take out control signs, quotation marks within lists, and texts of nothing but blanks."),
    ),
    Kind(
        "CAP-047",
        N_("The address “{value}” of the file is not a whole one, and the file is not in the message."),
        N_("Write the whole address, or put the file into derefUri."),
    ),
    Kind(
        "CAP-048",
        N_("derefUri is not base64."),
        N_("Write the bytes of the file in base64."),
    ),
    Kind(
        "CAP-049",
        N_("“{value}” is not a SHA-1 hash."),
        N_("Write its 40 hexadecimal digits."),
    ),
    Kind(
        "CAP-050",
        N_("The file within the message has another hash than digest says."),
        N_("Compute the hash again from the very bytes."),
    ),
    Kind(
        "CAP-051",
        N_("{identifier} of {sent} is still in force and is not referred to."),
        N_("An update or cancellation names all messages of its event that have not expired: add it."),
    ),
    Kind(
        "CAP-052",
        N_("The references go in a circle: {circle}."),
        N_("A message refers to earlier ones only: correct the references."),
    ),
    Kind(
        "CAP-053",
        N_("It refers to {identifier} of {sent}, which was sent at {known}."),
        N_("Copy sent to the letter from the message that is meant."),
    ),
    Kind(
        "CAP-054",
        N_("{sender} has used the identifier {identifier} for another message."),
        N_("Give each message an identifier of its own."),
    ),
    Kind(
        "CAP-061",
        N_("The info block has no {name}."),
        N_("Better to say it: people look for it first."),
    ),
    Kind(
        "CAP-062",
        N_("The area is given by codes alone."),
        N_("Better to add a polygon or a circle: not every receiver knows the codes."),
    ),
    Kind(
        "CAP-063",
        N_("The headline has {length} signs; many screens show {limit}."),
        N_("Better to shorten it."),
    ),
    Kind(
        "CAP-064",
        N_("{name} and {other} are the same text."),
        N_("Better that each says something of its own."),
    ),
    Kind(
        "CAP-065",
        N_("{name} is Unknown."),
        N_("Better to choose what is nearest: receivers filter by it."),
    ),
    Kind(
        "CAP-066",
        N_("The radius of the circle is 0."),
        N_("Better to give the distance within which people are concerned."),
    ),
    Kind(
        "CAP-067",
        N_("The polygon has {count} points; more than {limit} are a burden to receivers."),
        N_("Better to simplify it."),
    ),
    Kind(
        "CAP-068",
        N_("The response type Assess is not for the public."),
        N_("Better to choose Monitor."),
    ),
    Kind(
        "CAP-069",
        N_("The note of the exercise does not say which one it is."),
        N_("Better to name the exercise in note."),
    ),
    Kind(
        "CAP-070",
        N_("The note does not say what the error is."),
        N_("Better to explain it in note."),
    ),
    Kind(
        "CAP-071",
        N_("The name of the event has {length} signs; receivers cut it after {limit}."),
        N_("Better to shorten it."),
    ),
    Kind(
        "CAP-072",
        N_("Info block {other} has the same language: this one may add to it, not replace it."),
        N_("Better to have one info block for each language."),
    ),
    Kind(
        "CAP-073",
        N_("The headline is the same as in info block {other}, which is in another language."),
        N_("Better to check that it is translated."),
    ),
    Kind(
        "CAP-074",
        N_("The message is not signed."),
        N_("Better to sign it: receivers can then tell who wrote it."),
    ),
    Kind(
        "SIGN-001",
        N_("The message is not signed."),
        N_("Ask its sender to sign, or to confirm it on another way."),
    ),
    Kind(
        "SIGN-002",
        N_("The signature does not fit the message: {detail}"),
        N_("Do not trust it: it was changed on its way, or badly made. Fetch it again, then ask its sender."),
    ),
    Kind(
        "SIGN-003",
        N_("The message is signed with a certificate that is not known here: {fingerprint}"),
        N_("Compare the fingerprint with its sender on another way, then add it to the feed."),
    ),
    Kind(
        "SIGN-004",
        N_("The certificate has expired on {until}."),
        N_("Ask its sender for the new certificate, and add its fingerprint to the feed."),
    ),
    Kind(
        "SIGN-005",
        N_("The certificate is valid from {since} only."),
        N_("Check the clocks of both sides, then ask its sender."),
    ),
    Kind(
        "SIGN-006",
        N_("The key in {path} cannot be used: {detail}"),
        N_("Put the key back from a backup, or make a new one with pasaj alert key --rotate."),
    ),
)
