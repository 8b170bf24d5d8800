// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "sheet.h"

#include <curses.h>

void sheet_begin(struct sheet *sheet)
{
	sheet->line = 0;
	sheet->height = LINES - 2;
	erase();
}

bool sheet_line(struct sheet *sheet)
{
	int line = sheet->line++ - sheet->top;

	if (line < 0 || line >= sheet->height)
		return false;
	move(1 + line, 0);
	return true;
}

bool sheet_end(struct sheet *sheet)
{
	int last = sheet->line > sheet->height ? sheet->line - sheet->height : 0;

	if (sheet->top <= last)
		return true;
	sheet->top = last;
	return false;
}

static void scroll_by(struct sheet *sheet, int lines)
{
	sheet->top = sheet->top + lines > 0 ? sheet->top + lines : 0;
}

enum sheet_key sheet_key(struct sheet *sheet, int key)
{
	const int page = LINES > 4 ? LINES - 4 : 1;

	switch (key) {
	case 'q':
		return SHEET_QUIT;
	case ' ':
		sheet->paused = !sheet->paused;
		return SHEET_DONE;
	case 'L' & 0x1f: /* what somebody else wrote to the terminal goes */
		clear();
		return SHEET_DONE;
	case KEY_UP:
	case 'k':
		scroll_by(sheet, -1);
		return SHEET_DONE;
	case KEY_DOWN:
	case 'j':
		scroll_by(sheet, 1);
		return SHEET_DONE;
	case KEY_PPAGE:
		scroll_by(sheet, -page);
		return SHEET_DONE;
	case KEY_NPAGE:
		scroll_by(sheet, page);
		return SHEET_DONE;
	case KEY_HOME:
		sheet->top = 0;
		return SHEET_DONE;
	case KEY_END:
		sheet->top = 1 << 20; /* as far as it goes */
		return SHEET_DONE;
	default: /* KEY_RESIZE: drawn again anyway */
		return SHEET_LEFT;
	}
}
