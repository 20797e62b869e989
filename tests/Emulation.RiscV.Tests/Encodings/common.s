# Instructions of RV32 and RV64. rv32.s and rv64.s include this.
	.macro rrr mnemonics:vararg
	.irp m, \mnemonics
	\m	a0, t6, s11
	\m	zero, ra, t0
	.endr
	.endm
	.macro rri mnemonics:vararg
	.irp m, \mnemonics
	\m	a1, s2, -2048
	\m	t3, zero, 2047
	.endr
	.endm
	.macro rr mnemonics:vararg
	.irp m, \mnemonics
	\m	a2, t4
	\m	s0, a7
	.endr
	.endm
	.macro shift5 mnemonics:vararg
	.irp m, \mnemonics
	\m	a3, s3, 31
	\m	a3, s3, 1
	.endr
	.endm
	.macro load mnemonics:vararg
	.irp m, \mnemonics
	\m	a4, -2048(sp)
	\m	t5, 2047(a0)
	.endr
	.endm
	.macro amo mnemonics:vararg
	.irp m, \mnemonics
	\m	a5, t1, (s1)
	.irp order, .aq, .rl, .aqrl
	\m\order	a5, t1, (s1)
	.endr
	.endr
	.endm
	.macro fff mnemonics:vararg
	.irp m, \mnemonics
	\m	fa0, ft11, fs11
	.endr
	.endm
	.macro fffr mnemonics:vararg
	.irp m, \mnemonics
	\m	fa0, ft11, fs11
	\m	fs1, ft0, fa7, rne
	\m	fs1, ft0, fa7, rmm
	.endr
	.endm
	.macro fma mnemonics:vararg
	.irp m, \mnemonics
	\m	fa0, ft11, fs11, ft8
	\m	fa1, ft1, fs1, fs0, rtz
	.endr
	.endm
	.macro toint mnemonics:vararg
	.irp m, \mnemonics
	\m	a0, ft11, rtz
	\m	a1, fa5, rup
	\m	a2, fa5, dyn
	.endr
	.endm
	.macro fromint mnemonics:vararg
	.irp m, \mnemonics
	\m	ft10, s4, rdn
	\m	ft9, t2
	.endr
	.endm

	.option norvc
	lui	a0, 0xfffff
	lui	t6, 1
	auipc	s5, 0x12345
	jal	ra, .+2048
	jal	zero, .-4
	jalr	ra, -1(a0)
	jalr	zero, 0(ra)
	.irp m, beq, bne, blt, bge, bltu, bgeu
	\m	a0, s6, .+4094
	\m	zero, t0, .-4096
	.endr
	load	lb, lh, lw, lbu, lhu
	load	sb, sh, sw
	rri	addi, slti, sltiu, xori, ori, andi
	shift5	slli, srli, srai
	rrr	add, sub, sll, slt, sltu, xor, srl, sra, or, and
	fence	rw, rw
	fence	iorw, o
	fence	i, r
	fence.tso
	fence.i
	ecall
	ebreak
	rrr	mul, mulh, mulhsu, mulhu, div, divu, rem, remu
	amo	amoswap.w, amoadd.w, amoxor.w, amoand.w, amoor.w, amomin.w, amomax.w, amominu.w, amomaxu.w, sc.w
	lr.w	a0, (a1)
	lr.w.aq	a0, (a1)
	lr.w.rl	a0, (a1)
	lr.w.aqrl	a0, (a1)
	.irp m, csrrw, csrrs, csrrc
	\m	a0, mstatus, s7
	\m	zero, fcsr, zero
	\m	t0, cycle, zero
	\m	t0, 0x7c0, t1
	.endr
	.irp m, csrrwi, csrrsi, csrrci
	\m	a0, satp, 31
	\m	zero, pmpaddr15, 0
	.endr
	.irp c, fflags, frm, fcsr, time, instret, hpmcounter3, hpmcounter31, sstatus, sie, stvec, scounteren, senvcfg, sscratch, sepc, scause, stval, sip, stimecmp, mvendorid, marchid, mimpid, mhartid, mconfigptr, misa, medeleg, mideleg, mie, mtvec, mcounteren, menvcfg, mscratch, mepc, mcause, mtval, mip, mseccfg, pmpcfg0, pmpcfg2, pmpcfg15, pmpaddr0, pmpaddr63, mcycle, minstret, mhpmcounter3, mhpmcounter31, mcountinhibit, mhpmevent3, mhpmevent31, scountovf, mstateen0, mstateen3, sstateen0, seed, tselect, tdata1, dcsr
	csrrs	a0, \c, zero
	.endr
	sret
	mret
	wfi
	sfence.vma	a0, a1
	sfence.vma	zero, zero
	sinval.vma	a0, a1
	sfence.w.inval
	sfence.inval.ir
	.irp m, flw, fsw, fld, fsd, flh, fsh
	\m	fa0, -2048(a1)
	\m	ft11, 2047(zero)
	.endr
	.irp s, s, d, h
	fma	fmadd.\s, fmsub.\s, fnmsub.\s, fnmadd.\s
	fffr	fadd.\s, fsub.\s, fmul.\s, fdiv.\s
	fff	fsgnj.\s, fsgnjn.\s, fsgnjx.\s, fmin.\s, fmax.\s
	fsqrt.\s	fa0, ft11
	fsqrt.\s	fa0, ft11, rdn
	feq.\s	a0, fa1, fa2
	flt.\s	a0, fa1, fa2
	fle.\s	a0, fa1, fa2
	fclass.\s	a0, fa1
	toint	fcvt.w.\s, fcvt.wu.\s
	.endr
	fromint	fcvt.s.w, fcvt.s.wu, fcvt.h.w, fcvt.h.wu
	fcvt.d.w	ft10, s4
	fcvt.d.wu	ft10, s4
	fcvt.s.d	fa0, fa1
	fcvt.s.d	fa0, fa1, rtz
	fcvt.h.s	fa0, fa1
	fcvt.h.d	fa0, fa1, rup
	fcvt.d.s	fa0, fa1
	fcvt.s.h	fa0, fa1
	fcvt.d.h	fa0, fa1
	fmv.x.w	a0, fa1
	fmv.w.x	fa0, a1
	fmv.x.h	a0, fa1
	fmv.h.x	fa0, a1
	rrr	sh1add, sh2add, sh3add
	rrr	andn, orn, xnor, rol, ror, max, maxu, min, minu
	rr	clz, ctz, cpop, sext.b, sext.h, orc.b, rev8
	shift5	rori, bclri, bexti, binvi, bseti
	rrr	bclr, bext, binv, bset
	rrr	clmul, clmulh, clmulr
	rrr	pack, packh, xperm4, xperm8
	rr	brev8
	rr	sha256sum0, sha256sum1, sha256sig0, sha256sig1
	cbo.inval	(a0)
	cbo.clean	(a0)
	cbo.flush	(t6)
	cbo.zero	(a0)
	prefetch.i	0(a0)
	prefetch.r	2016(a1)
	prefetch.w	-2048(t6)
	pause
	wrs.nto
	wrs.sto

	.option rvc
	c.addi4spn	a0, sp, 1020
	c.addi4spn	s0, sp, 4
	c.lw	a0, 124(s1)
	c.lw	s0, 0(a5)
	c.sw	a4, 64(s1)
	c.fld	fa0, 248(s1)
	c.fsd	fs0, 8(a5)
	c.addi	a0, -32
	c.addi	t6, 31
	c.li	a0, -32
	c.li	t6, 31
	c.addi16sp	sp, -512
	c.addi16sp	sp, 496
	c.lui	a0, 0xfffe0
	c.lui	t6, 31
	c.srli	a0, 31
	c.srai	s1, 1
	c.andi	a5, -32
	c.sub	a0, s1
	c.xor	a0, s1
	c.or	a0, s1
	c.and	a0, s1
	c.j	.+2046
	c.j	.-2048
	c.beqz	a0, .+254
	c.bnez	s1, .-256
	c.slli	t6, 31
	c.slli	a0, 1
	c.lwsp	a0, 252(sp)
	c.lwsp	t6, 4(sp)
	c.fldsp	fa0, 504(sp)
	c.jr	ra
	c.mv	a0, t6
	c.ebreak
	c.jalr	t6
	c.add	a0, t6
	c.swsp	t6, 252(sp)
	c.fsdsp	ft11, 504(sp)
