"""sheet_types.py FODS: what a spreadsheet took the cells for, as "column row type text",
by the names in the first row."""
import sys
import xml.etree.ElementTree as tree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

names = []
for number, row in enumerate(tree.parse(sys.argv[1]).iter(TABLE + "table-row")):
    cells = []
    for cell in row.iter(TABLE + "table-cell"):
        times = int(cell.get(TABLE + "number-columns-repeated", "1"))
        kind = cell.get(OFFICE + "value-type", "empty")
        if cell.get(TABLE + "formula"):
            kind = "formula"
        cells += [(kind, "".join(cell.itertext()).strip())] * min(times, 100)
    if number == 0:
        names = [text for _, text in cells]
        continue
    for name, (kind, text) in zip(names, cells):
        if name:
            print(name, number, kind, text)
