/* Vector table and start. */
#include "stm32f4.h"

extern uint32_t stack_top, data_start, data_end, data_load, bss_start, bss_end;
int main(void);
void Reset_Handler(void);
void Default_Handler(void);
void SysTick_Handler(void);
void EXTI0_IRQHandler(void);
void USART2_IRQHandler(void);

#define VECTOR(handler) ((uint32_t *)(uintptr_t)(handler))
__attribute__((section(".vectors"), used)) static uint32_t *const vectors[16 + 82] = {
    &stack_top, VECTOR(Reset_Handler),
    [2 ... 14] = VECTOR(Default_Handler),
    [15] = VECTOR(SysTick_Handler),
    [16 ... 21] = VECTOR(Default_Handler),
    [16 + IRQ_EXTI0] = VECTOR(EXTI0_IRQHandler),
    [23 ... 53] = VECTOR(Default_Handler),
    [16 + IRQ_USART2] = VECTOR(USART2_IRQHandler),
    [55 ... 97] = VECTOR(Default_Handler),
};

void Reset_Handler(void)
{
    uint32_t *from = &data_load;
    for (uint32_t *to = &data_start; to < &data_end;)
        *to++ = *from++;
    for (uint32_t *to = &bss_start; to < &bss_end;)
        *to++ = 0;
    main();
    for (;;)
        ;
}

void Default_Handler(void)
{
    for (;;)
        ;
}
