// What programs do that wait: loops that read a tick in SRAM, a constant in flash, a counter in CCM RAM, a register of a device.
// STM32F407 at 168 MHz, SysTick every millisecond. The word at 0x0800001c says which loop: 0 memory, 1 memory and a device, 2 the device alone.
	.syntax unified
	.cpu cortex-m4
	.thumb
vectors:
	.word 0x20010000, start + 1
	.word hang + 1, hang + 1, hang + 1, hang + 1, hang + 1
choice:
	.word 0
	.word hang + 1, hang + 1, hang + 1, hang + 1, hang + 1, hang + 1, hang + 1
	.word tick + 1
hang:
	b	hang
	.thumb_func
start:
	ldr	r0, =0x40023c00			// flash: 5 wait states
	movs	r1, #5
	str	r1, [r0]
	ldr	r0, =0x40023800			// RCC: HSE, PLL 8 MHz / 8 * 336 / 2, APB1 / 4, APB2 / 2
	ldr	r1, =0x00010083
	str	r1, [r0]
1:	ldr	r1, [r0]
	lsls	r1, #14
	bpl	1b
	ldr	r1, =0x07405408
	str	r1, [r0, #4]
	ldr	r1, =0x00009400
	str	r1, [r0, #8]
	ldr	r1, =0x01010083
	str	r1, [r0]
1:	ldr	r1, [r0]
	lsls	r1, #6
	bpl	1b
	ldr	r1, =0x00009402
	str	r1, [r0, #8]
	movs	r1, #1				// GPIOA
	str	r1, [r0, #0x30]
	ldr	r0, =0xe000e010			// SysTick
	ldr	r1, =167999
	str	r1, [r0, #4]
	movs	r1, #0
	str	r1, [r0, #8]
	movs	r1, #7
	str	r1, [r0]
	ldr	r4, =0x20000000
	ldr	r5, =0x10000000
	ldr	r6, =0x40020000
	movs	r0, #0
	str	r0, [r4]
	ldr	r0, choice
	cmp	r0, #1
	beq	device
	bhi	poll
memory:
	ldr	r0, [r4]
	ldr	r1, limit
	ldr	r2, [r5]
	adds	r2, #1
	str	r2, [r5]
	cmp	r0, r1
	bne	memory
	b	hang
device:
	ldr	r0, [r4]
	ldr	r1, limit
	ldr	r2, [r5]
	adds	r2, #1
	str	r2, [r5]
	ldr	r3, [r6, #0x10]
	cmp	r0, r1
	bne	device
	b	hang
poll:
	ldr	r3, [r6, #0x10]
	lsls	r3, r3, #31
	bpl	poll
	b	hang
	.balign 4
limit:
	.word 0xffffffff
	.thumb_func
tick:
	ldr	r0, =0x20000000
	ldr	r1, [r0]
	adds	r1, #1
	str	r1, [r0]
	bx	lr
	.ltorg
