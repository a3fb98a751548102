"""The one form of a document: order of keys, indentation, spaces. Text in, text out; meaning and comments stay."""
