/* USART2 at 115200 baud: sends by polling, receives by interrupt. */
#include "app.h"
#include "stm32f4.h"

static char line_buffer[32];
static volatile uint32_t line_length;
static volatile bool line_complete;

void uart_init(void)
{
    GPIOA->afr[0] |= 0x7700;                      /* PA2, PA3: function 7 */
    GPIOA->moder |= 2u << 4 | 2u << 6;
    USART2_BRR = (CPU_HZ + 57600) / 115200;
    USART2_CR1 = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE;
    NVIC_ISER[IRQ_USART2 / 32] = 1u << IRQ_USART2 % 32;
}

void USART2_IRQHandler(void)
{
    if (!(USART2_SR & USART_SR_RXNE))
        return;
    char c = (char)USART2_DR;
    if (line_complete)
        return;                                   /* the last command is still being worked on */
    if (c == '\r' || c == '\n')
        line_complete = line_length > 0;
    else if (line_length < sizeof line_buffer - 1)
        line_buffer[line_length++] = c;
}

bool uart_line(char *line, uint32_t size)
{
    if (!line_complete)
        return false;
    uint32_t count = line_length < size ? line_length : size - 1;
    for (uint32_t i = 0; i < count; i++)
        line[i] = line_buffer[i];
    line[count] = 0;
    line_length = 0;
    line_complete = false;
    return true;
}

static void put_char(char c)
{
    while (!(USART2_SR & USART_SR_TXE))
        ;
    USART2_DR = (uint8_t)c;
}

void uart_put(const char *text)
{
    while (*text)
        put_char(*text++);
}

void uart_put_number(int32_t value)
{
    char digits[12];
    uint32_t count = 0, left = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
    if (value < 0)
        put_char('-');
    do
        digits[count++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    while (count > 0)
        put_char(digits[--count]);
}
