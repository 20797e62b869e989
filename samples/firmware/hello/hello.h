/* What the parts of the sample firmware share. */
#ifndef HELLO_H
#define HELLO_H

#include <stddef.h>
#include <stdint.h>

/* uart.c: the console */
void uart_init(void);
void put_char(char c);
void put_text(const char *text);
void put_number(uint64_t value);
void put_hex(uint64_t value, int digits);
int get_line(char *line, int size);

/* fdt.c: the device tree */
struct board {
    const char *model;
    const char *isa;
    uint64_t memory_start, memory_size;
    uint32_t timebase;
    int harts;
};
void fdt_read(const void *blob, struct board *board);

/* md5.c */
void md5(const void *data, size_t length, uint8_t digest[16]);

/* text.c */
int same(const char *a, const char *b);
int starts_with(const char *text, const char *prefix);
const char *next_word(const char *text);
int read_number(const char *text, uint64_t *value);

#endif
