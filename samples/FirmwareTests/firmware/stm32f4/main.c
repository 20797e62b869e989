/* A thermometer with an alarm: blinks, measures ten times a second, reports when the button is pressed, and remembers its settings. */
#include <stdlib.h>
#include <string.h>
#include "app.h"
#include "stm32f4.h"

#define GREEN 12
#define RED 14
#define DEBOUNCE 20

volatile uint32_t milliseconds;
static volatile uint32_t button_time;             /* 0 while nobody presses it */
volatile bool button_pressed;
int32_t temperature;                              /* sixteenths of a degree */
bool has_sensor;

static void led(uint32_t pin, bool on) { GPIOD->bsrr = on ? 1u << pin : 1u << (pin + 16); }

void SysTick_Handler(void)
{
    milliseconds++;
    if (milliseconds % 500 == 0)
        GPIOD->odr ^= 1u << GREEN;
    if (button_time != 0 && milliseconds - button_time >= DEBOUNCE) {
        button_time = 0;
        button_pressed = (GPIOA->idr & 1) != 0;
    }
}

void EXTI0_IRQHandler(void)
{
    EXTI_PR = 1;
    if (button_time == 0)
        button_time = milliseconds;
}

static void init(void)
{
    RCC_AHB1ENR |= RCC_AHB1ENR_GPIOA | RCC_AHB1ENR_GPIOB | RCC_AHB1ENR_GPIOD;
    RCC_APB1ENR |= RCC_APB1ENR_USART2 | RCC_APB1ENR_I2C1;
    RCC_APB2ENR |= RCC_APB2ENR_SYSCFG;
    (void)RCC_APB2ENR;
    GPIOD->moder |= 1u << 2 * GREEN | 1u << 2 * RED;
    EXTI_RTSR |= 1;
    EXTI_IMR |= 1;
    NVIC_ISER[IRQ_EXTI0 / 32] = 1u << IRQ_EXTI0 % 32;
    SYST_RVR = CPU_HZ / 1000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    uart_init();
    sensor_init();
}

static void report(void)
{
    if (!has_sensor) {
        uart_put("no sensor\r\n");
        return;
    }
    int32_t tenths = (temperature * 10 + (temperature < 0 ? -8 : 8)) / 16;
    uart_put("T=");
    if (tenths < 0)
        uart_put("-");
    uart_put_number(abs(tenths) / 10);
    uart_put(".");
    uart_put_number(abs(tenths) % 10);
    uart_put("\r\n");
}

static void command(const char *line)
{
    if (strcmp(line, "temp") == 0) {
        report();
    } else if (strncmp(line, "limit ", 6) == 0) {
        settings.limit = atoi(line + 6);
        settings_save();
        uart_put("ok\r\n");
    } else {
        uart_put("what?\r\n");
    }
}

static void on_button(void)
{
    settings.presses++;
    settings_save();
    uart_put("press ");
    uart_put_number((int32_t)settings.presses);
    uart_put("\r\n");
    report();
}

int main(void)
{
    init();
    settings_load();
    settings.boots++;
    settings_save();
    uart_put("boot ok\r\nready\r\n");
    for (uint32_t measured = 0;;) {
        __asm volatile("wfi");
        char line[32];
        if (uart_line(line, sizeof line))
            command(line);
        if (milliseconds - measured >= 100) {
            measured = milliseconds;
            has_sensor = sensor_read(&temperature);
            led(RED, has_sensor && temperature > settings.limit * 16);
        }
        if (button_pressed) {
            button_pressed = false;
            on_button();
        }
    }
}
