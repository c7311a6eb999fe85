"""Edits documents in LibreOffice as a person would: run by an interpreter that has `uno`, told what to do as JSON.

    python3 office_driver.py jobs.json

Each job opens a file, takes steps and saves. Steps name their place by words that stand once in the document.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

FILTERS = {"docx": "MS Word 2007 XML", "odt": "writer8", "doc": "MS Word 97", "pdf": "writer_pdf_Export"}
BREAK = 0  # com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK


def value(name, it):
    made = PropertyValue()
    made.Name, made.Value = name, it
    return made


class Office:
    def __init__(self, home):
        self.process = subprocess.Popen(
            ["soffice", f"-env:UserInstallation={Path(home).as_uri()}", "--headless", "--norestore",
             f"--accept=pipe,name={Path(home).parent.name}x{Path(home).name};urp;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        address = f"uno:pipe,name={Path(home).parent.name}x{Path(home).name};urp;StarOffice.ComponentContext"
        for _ in range(200):
            try:
                self.context = resolver.resolve(address)
                break
            except uno.getClass("com.sun.star.connection.NoConnectException"):  # it is still starting
                time.sleep(0.2)
        manager = self.context.ServiceManager
        self.desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        self.orders = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", self.context)
        self.settings = manager.createInstance("com.sun.star.configuration.ConfigurationProvider")

    def close(self):
        with contextlib.suppress(uno.getClass("com.sun.star.lang.DisposedException")):  # it ends while it answers
            self.desktop.terminate()
        self.process.wait(30)

    def author(self, name):
        path = (value("nodepath", "/org.openoffice.UserProfile/Data"),)
        node = self.settings.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", path)
        node.setPropertyValue("givenname", name)
        node.setPropertyValue("sn", "")
        node.commitChanges()

    def job(self, job):
        document = self.desktop.loadComponentFromURL(
            Path(job["source"]).as_uri(), "_blank", 0, (value("Hidden", True),)
        )
        editor = Editor(self, document)
        for step in job["steps"]:
            getattr(editor, step.pop("do"))(**step)
        filtered = (value("FilterName", FILTERS[job["format"]]),)
        document.storeToURL(Path(job["target"]).as_uri(), filtered)
        document.close(True)


class Editor:
    def __init__(self, office, document):
        self.office, self.document, self.text = office, document, document.Text
        self.controller = document.CurrentController

    def by(self, author):
        self.office.author(author)

    def record(self, on):
        self.document.RecordChanges = on

    def find(self, words):
        wanted = self.document.createSearchDescriptor()
        wanted.SearchString, wanted.SearchCaseSensitive = words, True
        found = self.document.findFirst(wanted)
        if found is None:
            raise LookupError(words)
        return found

    def between(self, first, last):
        cursor = self.text.createTextCursorByRange(self.find(first).Start)
        cursor.gotoStartOfParagraph(False)
        cursor.gotoRange(self.find(last).End, True)
        cursor.gotoEndOfParagraph(True)
        return cursor

    def replace(self, old, new):
        self.find(old).setString(new)

    def after(self, words, put):
        cursor = self.text.createTextCursorByRange(self.find(words).End)
        self.text.insertString(cursor, put, False)

    def paragraph(self, after, lines):
        """Enter at the end of the paragraph, and words."""
        cursor = self.text.createTextCursorByRange(self.find(after).End)
        cursor.gotoEndOfParagraph(False)
        for line in lines:
            self.text.insertControlCharacter(cursor, BREAK, False)
            self.text.insertString(cursor, line, False)

    def split(self, before):
        cursor = self.text.createTextCursorByRange(self.find(before).Start)
        self.text.insertControlCharacter(cursor, BREAK, False)

    def delete(self, first, last):
        self.between(first, last).setString("")

    def move(self, first, last, after):
        self.controller.select(self.between(first, last))
        self.order("Cut")
        cursor = self.text.createTextCursorByRange(self.find(after).End)
        cursor.gotoEndOfParagraph(False)
        self.text.insertControlCharacter(cursor, BREAK, False)
        self.controller.select(cursor)
        self.order("Paste")

    def order(self, name):
        self.office.orders.executeDispatch(self.controller.Frame, f".uno:{name}", "", 0, ())

    def comment(self, on, author, says):
        field = self.document.createInstance("com.sun.star.text.textfield.Annotation")
        field.Author, field.Content = author, says
        self.text.insertTextContent(self.find(on), field, True)

    def accept(self):
        self.order("AcceptAllTrackedChanges")

    def forget(self, names):
        """Bookmarks whose names begin so are taken away, as by pasting everything into a new file."""
        marks = self.document.Bookmarks
        for name in marks.ElementNames:
            if name.startswith(names):
                self.text.removeTextContent(marks.getByName(name))

    def nameless(self):
        """Without the properties of the file."""
        made = self.document.DocumentProperties.UserDefinedProperties
        for one in made.PropertySetInfo.Properties:
            made.removeProperty(one.Name)


def main():
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    office = Office(told["home"])
    try:
        for job in told["jobs"]:
            office.job(job)
    finally:
        office.close()


main()
