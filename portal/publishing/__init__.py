"""Where departments make their procedures: edit a definition with its checks beside it, try it as a resident sees it, compare, publish.

A front door over `procedures`; the preview is drawn by the residents' own renderer, so what is tried is what will stand there.
"""
