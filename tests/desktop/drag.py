"""A file manager with one file, for the test of a drop: a small window that a file can be dragged out of.

WebDriver cannot begin a drag outside the page, so the mouse is moved by xdotool from here to there."""
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

address = Gio.File.new_for_path(sys.argv[1]).get_uri()
window = Gtk.Window(title="files")
window.set_default_size(120, 60)
window.move(0, 920)
icon = Gtk.EventBox()
icon.add(Gtk.Label(label="file"))
icon.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
icon.drag_source_add_uri_targets()
icon.connect("drag-data-get", lambda _icon, _context, data, _info, _time: data.set_uris([address]))
window.add(icon)
window.show_all()
print("ready", flush=True)
Gtk.main()
