// Firmware that sleeps 95 % of the time: STM32F407 at 64 MHz, each millisecond a SysTick interrupt that works for 0.05 ms (3,200 instructions).
	.syntax unified
	.cpu cortex-m4
	.thumb
vectors:
	.word 0x20010000, start + 1
	.word hang + 1, hang + 1, hang + 1, hang + 1, hang + 1, hang + 1
	.word hang + 1, hang + 1, hang + 1, hang + 1, hang + 1, hang + 1, hang + 1
	.word tick + 1
hang:
	b	hang
	.thumb_func
start:
	ldr	r0, =0x40023c00			// flash: 2 wait states
	movs	r1, #2
	str	r1, [r0]
	ldr	r0, =0x40023800			// RCC: PLL of HSI, 16 MHz / 16 * 128 / 2
	ldr	r1, =0x04002010
	str	r1, [r0, #4]
	ldr	r1, =0x01000083
	str	r1, [r0]
1:	ldr	r1, [r0]
	lsls	r1, #6
	bpl	1b
	movs	r1, #2
	str	r1, [r0, #8]
	ldr	r0, =0xe000e010			// SysTick
	ldr	r1, =63999
	str	r1, [r0, #4]
	movs	r1, #0
	str	r1, [r0, #8]
	movs	r1, #7
	str	r1, [r0]
1:	wfi
	b	1b
	.thumb_func
tick:
	ldr	r0, =0x20000000
	ldr	r1, [r0]
	adds	r1, #1
	str	r1, [r0]
	mov	r2, #800
1:	ldr	r1, [r0, #4]
	adds	r1, r1, r2
	subs	r2, #1
	bne	1b
	bx	lr
	.ltorg
