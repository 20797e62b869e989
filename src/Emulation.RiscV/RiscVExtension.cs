namespace Emulation.RiscV;

/// <summary>What a RISC-V CPU may have: the feature numbers of the decode tables. Names are those of ISA strings.</summary>
internal enum RiscVExtension
{
    // widths, as requirements of encodings; fixed by the prefix of the ISA string
    RV32, RV64,

    // single letters, in canonical order
    I, M, A, F, D, C, B,

    // unprivileged
    Zicbom, Zicbop, Zicboz, Zicntr, Zicond, Zicsr, Zifencei, Zihintntl, Zihintpause, Zihpm, Zimop,
    Zmmul, Zaamo, Zalrsc, Zawrs, Zacas,
    Zfa, Zfh, Zfhmin,
    Zca, Zcb, Zcd, Zcf, Zcmop,
    Zba, Zbb, Zbc, Zbkb, Zbkc, Zbkx, Zbs,
    Zk, Zkn, Zknd, Zkne, Zknh, Zkr, Zkt,

    // guarantees that profiles name and that this implementation gives
    Zic64b, Ziccamoa, Ziccif, Zicclsm, Ziccrse, Za64rs,

    // privileged
    Smepmp, Smstateen, Ssccptr, Sscofpmf, Sscounterenw, Ssstateen, Sstc, Sstvala, Sstvecd, Ssu64xl,
    Svade, Svadu, Svbare, Svinval, Svnapot, Svpbmt,
    Sv32, Sv39, Sv48, Sv57,
}
