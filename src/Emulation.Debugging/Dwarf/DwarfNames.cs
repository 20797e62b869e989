namespace Emulation.Debugging;

/// <summary>The tags that are looked at. DWARF 5, 7.5.3.</summary>
internal enum DwarfTag
{
    None = 0,
    ArrayType = 0x01,
    ClassType = 0x02,
    EnumerationType = 0x04,
    LexicalBlock = 0x0b,
    Member = 0x0d,
    PointerType = 0x0f,
    ReferenceType = 0x10,
    CompileUnit = 0x11,
    StructureType = 0x13,
    SubroutineType = 0x15,
    Typedef = 0x16,
    UnionType = 0x17,
    Inheritance = 0x1c,
    InlinedSubroutine = 0x1d,
    SubrangeType = 0x21,
    BaseType = 0x24,
    ConstType = 0x26,
    Enumerator = 0x28,
    Subprogram = 0x2e,
    Variable = 0x34,
    VolatileType = 0x35,
    RestrictType = 0x37,
    Namespace = 0x39,
    RvalueReferenceType = 0x42,
    AtomicType = 0x47,
}

/// <summary>The attributes that are kept. DWARF 5, 7.5.4.</summary>
internal enum DwarfAttribute
{
    None = 0,
    Location = 0x02,
    Name = 0x03,
    ByteSize = 0x0b,
    BitOffset = 0x0c,
    BitSize = 0x0d,
    StatementList = 0x10,
    LowPc = 0x11,
    HighPc = 0x12,
    ConstValue = 0x1c,
    UpperBound = 0x2f,
    AbstractOrigin = 0x31,
    Count = 0x37,
    DataMemberLocation = 0x38,
    DeclarationFile = 0x3a,
    DeclarationLine = 0x3b,
    Declaration = 0x3c,
    Encoding = 0x3e,
    Specification = 0x47,
    Type = 0x49,
    EntryPc = 0x52,
    Ranges = 0x55,
    CallFile = 0x58,
    CallLine = 0x59,
    DataBitOffset = 0x6b,
    StringOffsetsBase = 0x72,
    AddressBase = 0x73,
    RangeListsBase = 0x74,
}

/// <summary>How a value is to be understood. DWARF 5, 7.5.5.</summary>
internal enum DwarfClass : byte
{
    None,
    Address,
    AddressIndex,
    Constant,
    SignedConstant,
    Block,
    Text,
    TextOffset,
    LineTextOffset,
    TextIndex,
    Reference,
    SectionOffset,
    ListIndex,
}
