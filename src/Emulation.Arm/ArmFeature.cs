namespace Emulation.Arm;

/// <summary>Optional parts of AArch64, by the names of the manual. Arm DDI 0487, A2 "Armv8-A Architecture Extensions".</summary>
public enum ArmFeature
{
    /// <summary>The base instructions of Armv8.0.</summary>
    Base,

    /// <summary>Scalar floating point.</summary>
    FP,

    /// <summary>Advanced SIMD.</summary>
    AdvSIMD,

    /// <summary>CRC32 and CRC32C.</summary>
    CRC32,

    /// <summary>Large System Extensions: atomic instructions.</summary>
    LSE,

    /// <summary>Limited ordering regions.</summary>
    LOR,

    /// <summary>Privileged access never.</summary>
    PAN,

    /// <summary>AT instructions that heed PAN.</summary>
    PAN2,

    /// <summary>Virtualization host extensions.</summary>
    VHE,

    /// <summary>VMIDs of 16 bits.</summary>
    VMID16,

    /// <summary>Hardware update of access flag and dirty state.</summary>
    HAFDBS,

    /// <summary>Hierarchical permission disables.</summary>
    HPDS,

    /// <summary>User access override.</summary>
    UAO,

    /// <summary>Execute-never control by level in stage 2.</summary>
    XNX,

    /// <summary>Physical addresses of 52 bits with 64 KiB granules.</summary>
    LPA,

    /// <summary>Virtual addresses of 52 bits with 64 KiB granules.</summary>
    LVA,

    /// <summary>Addresses of 52 bits with 4 and 16 KiB granules.</summary>
    LPA2,

    /// <summary>Common not private translations.</summary>
    TTCNP,

    /// <summary>Small translation tables.</summary>
    TTST,

    /// <summary>Translation table level hints.</summary>
    TTL,

    /// <summary>TLB maintenance of the Outer Shareable domain.</summary>
    TLBIOS,

    /// <summary>TLB maintenance by range.</summary>
    TLBIRANGE,

    /// <summary>EL0 kept out of half of the address map.</summary>
    E0PD,

    /// <summary>ID space traps to EL1 rather than being UNDEFINED.</summary>
    IDST,

    /// <summary>Enhanced counter virtualization.</summary>
    ECV,

    /// <summary>Speculative store bypass safe.</summary>
    SSBS,

    /// <summary>Data independent timing.</summary>
    DIT,

    /// <summary>Clean to the point of persistence.</summary>
    DPB,

    /// <summary>Clean to the point of deep persistence.</summary>
    DPB2,

    /// <summary>Single-copy atomicity of unaligned accesses inside 16 bytes.</summary>
    LSE2,

    /// <summary>Performance monitors.</summary>
    PMUv3,

    /// <summary>Reliability, availability and serviceability.</summary>
    RAS,

    /// <summary>Branch targets do not leak between contexts.</summary>
    CSV2,

    /// <summary>Faulting loads do not leak.</summary>
    CSV3,

    /// <summary>Stage 2 forced write-back.</summary>
    S2FWB,

    /// <summary>Block sizes may change without break-before-make.</summary>
    BBM,

    /// <summary>Large cache size fields.</summary>
    CCIDX,

    /// <summary>Load-acquire RCpc.</summary>
    LRCPC,

    /// <summary>Load-acquire RCpc with offsets.</summary>
    LRCPC2,

    /// <summary>Flag manipulation.</summary>
    FlagM,

    /// <summary>More flag manipulation.</summary>
    FlagM2,

    /// <summary>Half-precision arithmetic.</summary>
    FP16,

    /// <summary>JavaScript conversion.</summary>
    JSCVT,

    /// <summary>Rounding to integers of 32 and 64 bits.</summary>
    FRINTTS,

    /// <summary>Speculation barrier.</summary>
    SB,

    /// <summary>Rounding multiply-add.</summary>
    RDM,

    /// <summary>Dot products of bytes.</summary>
    DotProd,

    /// <summary>AES rounds.</summary>
    AES,

    /// <summary>Polynomial products of 64 bits.</summary>
    PMULL,

    /// <summary>SHA-1.</summary>
    SHA1,

    /// <summary>SHA-256.</summary>
    SHA256,

    /// <summary>SHA-3.</summary>
    SHA3,

    /// <summary>SHA-512.</summary>
    SHA512,

    /// <summary>SM3.</summary>
    SM3,

    /// <summary>SM4.</summary>
    SM4,

    /// <summary>Complex numbers.</summary>
    FCMA,

    /// <summary>Products of halves added to singles.</summary>
    FHM,

    /// <summary>BFloat16.</summary>
    BF16,

    /// <summary>Products of matrices of bytes.</summary>
    I8MM,

    /// <summary>More accesses of the LRCPC model: pairs, vectors, write-back.</summary>
    LRCPC3,

    /// <summary>Pointer authentication; see <see cref="PointerAuthentication"/> for its variants.</summary>
    PAuth,

    /// <summary>Branch target identification.</summary>
    BTI,

    /// <summary>Copying and setting memory.</summary>
    MOPS,

    /// <summary>HCRX_EL2: more controls of a hypervisor.</summary>
    HCX,

    /// <summary>Conditional branches with a hint.</summary>
    HBC,

    /// <summary>Short sequences in one instruction: minimum, maximum, counts.</summary>
    CSSC,

    /// <summary>Waiting with a time limit.</summary>
    WFxT,

    /// <summary>Random numbers.</summary>
    RNG,

    /// <summary>Atomic instructions on 16 bytes.</summary>
    LSE128,

    /// <summary>Barriers that leave out accesses with the XS attribute.</summary>
    XS,

    /// <summary>The AArch32 state, with the instructions of Armv4T.</summary>
    AArch32,

    /// <summary>What of AArch32 the M profile has not: processor modes, SETEND, LDREXD, the status registers of A and R.</summary>
    AProfile,

    /// <summary>A64 instructions and the AArch64 state are absent: a CPU of Armv7 or older.</summary>
    OnlyAArch32,

    /// <summary>Armv5TE: interworking loads, CLZ, saturating and 16-bit multiplications, LDRD.</summary>
    V5TE,

    /// <summary>BXJ.</summary>
    V5TEJ,

    /// <summary>Armv6: media instructions, REV, LDREX, unaligned accesses, CPS.</summary>
    V6,

    /// <summary>Armv6K: exclusives of all sizes, CLREX, hints, TLS registers.</summary>
    V6K,

    /// <summary>Armv6T2: the 32-bit instructions of T32, MOVW, bit fields.</summary>
    V6T2,

    /// <summary>Armv7: barriers, PLI, interworking data processing.</summary>
    V7,

    /// <summary>Armv8 in AArch32: LDA, STL, SEVL, HLT.</summary>
    V8,

    /// <summary>PLDW.</summary>
    MultiProcessing,

    /// <summary>The Security Extensions in AArch32: SMC.</summary>
    Security,

    /// <summary>The Virtualization Extensions in AArch32: HVC, ERET, banked MRS and MSR.</summary>
    Virtualization,

    /// <summary>SDIV and UDIV in A32 and T32.</summary>
    IDIV,

    /// <summary>VFPv2 with 16 double registers.</summary>
    VFPv2,

    /// <summary>VFPv3: constants, fixed-point conversions.</summary>
    VFPv3,

    /// <summary>32 double registers.</summary>
    D32,

    /// <summary>Conversions of half precision in AArch32.</summary>
    HalfConversion,

    /// <summary>VFPv4: fused multiply-add.</summary>
    VFPv4,

    /// <summary>Floating point of Armv8 in AArch32: VSEL, VRINT, VCVTA, VMAXNM.</summary>
    VFPv8,

    /// <summary>Advanced SIMD in AArch32.</summary>
    Neon,

    /// <summary>AArch32 at EL1 too, not only at EL0.</summary>
    AArch32El1,

    /// <summary>SWP and SWPB, which Armv8 has not.</summary>
    SWP,

    /// <summary>The DSP instructions of T32: parallel arithmetic, halfword products. Armv7E-M and Armv8-M have them as an option, other profiles with Armv6T2.</summary>
    DSP,

    /// <summary>Double precision. The M profile has floating point without it.</summary>
    DoublePrecision,

    /// <summary>The M profile: its own status registers and exception model.</summary>
    MProfile,

    /// <summary>Armv8-M: stack limits, load-acquire, TT.</summary>
    V8M,

    /// <summary>The Main Extension of Armv8-M, and Armv7-M: all of T32.</summary>
    MainExtension,

    /// <summary>The Security Extension of Armv8-M.</summary>
    SecurityExtension,
}
