/* Reads the few facts that the banner shows from the device tree. Devicetree Specification, chapter 5. */
#include "hello.h"

enum { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, NOP = 4, MAGIC = 0xd00dfeed };

static uint32_t cell(const uint8_t *p) { return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }

static const char *skip_name(const char *text)
{
    while (*text)
        text++;
    return text + 1;
}

static void property(struct board *board, const char *node, int depth, const char *name, const uint8_t *value, uint32_t length)
{
    if (depth == 1 && same(name, "model"))
        board->model = (const char *)value;
    else if (depth == 2 && same(node, "cpus") && same(name, "timebase-frequency"))
        board->timebase = cell(value);
    else if (depth == 2 && starts_with(node, "memory@") && same(name, "reg") && length >= 16) {
        board->memory_start = (uint64_t)cell(value) << 32 | cell(value + 4);
        board->memory_size = (uint64_t)cell(value + 8) << 32 | cell(value + 12);
    } else if (depth == 3 && starts_with(node, "cpu@")) {
        if (same(name, "riscv,isa"))
            board->isa = (const char *)value;
        else if (same(name, "reg"))
            board->harts++;
    }
}

void fdt_read(const void *blob, struct board *board)
{
    const uint8_t *base = blob;
    board->model = board->isa = "unknown";
    if (!blob || cell(base) != (uint32_t)MAGIC)
        return;
    const uint8_t *p = base + cell(base + 8);
    const char *strings = (const char *)base + cell(base + 12);
    const char *node = "";
    int depth = 0;
    for (;;) {
        uint32_t token = cell(p);
        p += 4;
        if (token == BEGIN_NODE) {
            node = (const char *)p;
            uint32_t bytes = (uint32_t)((const uint8_t *)skip_name(node) - p);
            p += (bytes + 3) & ~3u;
            depth++;
        } else if (token == END_NODE) {
            depth--;
        } else if (token == PROPERTY) {
            uint32_t length = cell(p);
            property(board, node, depth, strings + cell(p + 4), p + 8, length);
            p += 8 + ((length + 3) & ~3u);
        } else if (token != NOP) {
            return;
        }
    }
}
