/* Words and numbers of command lines, and what the compiler expects of a C library. */
#include "hello.h"

void *memset(void *destination, int value, size_t count)
{
    unsigned char *p = destination;
    while (count--)
        *p++ = (unsigned char)value;
    return destination;
}

void *memcpy(void *destination, const void *source, size_t count)
{
    unsigned char *p = destination;
    const unsigned char *q = source;
    while (count--)
        *p++ = *q++;
    return destination;
}

int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

int starts_with(const char *text, const char *prefix)
{
    while (*prefix)
        if (*text++ != *prefix++)
            return 0;
    return 1;
}

const char *next_word(const char *text)
{
    while (*text && *text != ' ')
        text++;
    while (*text == ' ')
        text++;
    return text;
}

int read_number(const char *text, uint64_t *value)
{
    int hex = starts_with(text, "0x");
    if (hex)
        text += 2;
    if (!*text || *text == ' ')
        return 0;
    *value = 0;
    for (; *text && *text != ' '; text++) {
        unsigned digit = *text >= '0' && *text <= '9' ? (unsigned)(*text - '0')
            : hex && *text >= 'a' && *text <= 'f' ? (unsigned)(*text - 'a' + 10)
            : hex && *text >= 'A' && *text <= 'F' ? (unsigned)(*text - 'A' + 10)
            : 99;
        if (digit > 15)
            return 0;
        *value = hex ? (*value << 4) + digit : (*value << 3) + (*value << 1) + digit;
    }
    return 1;
}
