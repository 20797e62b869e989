/* A thermometer with an alarm: what its parts offer each other. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

extern volatile uint32_t milliseconds;

void uart_init(void);
void uart_put(const char *text);
void uart_put_number(int32_t value);
bool uart_line(char *line, uint32_t size);

void sensor_init(void);
bool sensor_read(int32_t *sixteenths);

struct settings {
    uint32_t boots;
    uint32_t presses;
    int32_t limit;                                /* degrees Celsius */
};
extern struct settings settings;
void settings_load(void);
void settings_save(void);
