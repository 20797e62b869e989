namespace Emulation.Devices;

/// <summary>Keys of a PS/2 keyboard by their place on one with US legends. The value is the code of scan code set 2, with the prefix 0xe0 above it where there is one.</summary>
public enum Ps2Key
{
    /// <summary>No key.</summary>
    None = 0,

    /// <summary>The letter A.</summary>
    A = 0x1c,

    /// <summary>The letter B.</summary>
    B = 0x32,

    /// <summary>The letter C.</summary>
    C = 0x21,

    /// <summary>The letter D.</summary>
    D = 0x23,

    /// <summary>The letter E.</summary>
    E = 0x24,

    /// <summary>The letter F.</summary>
    F = 0x2b,

    /// <summary>The letter G.</summary>
    G = 0x34,

    /// <summary>The letter H.</summary>
    H = 0x33,

    /// <summary>The letter I.</summary>
    I = 0x43,

    /// <summary>The letter J.</summary>
    J = 0x3b,

    /// <summary>The letter K.</summary>
    K = 0x42,

    /// <summary>The letter L.</summary>
    L = 0x4b,

    /// <summary>The letter M.</summary>
    M = 0x3a,

    /// <summary>The letter N.</summary>
    N = 0x31,

    /// <summary>The letter O.</summary>
    O = 0x44,

    /// <summary>The letter P.</summary>
    P = 0x4d,

    /// <summary>The letter Q.</summary>
    Q = 0x15,

    /// <summary>The letter R.</summary>
    R = 0x2d,

    /// <summary>The letter S.</summary>
    S = 0x1b,

    /// <summary>The letter T.</summary>
    T = 0x2c,

    /// <summary>The letter U.</summary>
    U = 0x3c,

    /// <summary>The letter V.</summary>
    V = 0x2a,

    /// <summary>The letter W.</summary>
    W = 0x1d,

    /// <summary>The letter X.</summary>
    X = 0x22,

    /// <summary>The letter Y.</summary>
    Y = 0x35,

    /// <summary>The letter Z.</summary>
    Z = 0x1a,

    /// <summary>The digit 0.</summary>
    D0 = 0x45,

    /// <summary>The digit 1.</summary>
    D1 = 0x16,

    /// <summary>The digit 2.</summary>
    D2 = 0x1e,

    /// <summary>The digit 3.</summary>
    D3 = 0x26,

    /// <summary>The digit 4.</summary>
    D4 = 0x25,

    /// <summary>The digit 5.</summary>
    D5 = 0x2e,

    /// <summary>The digit 6.</summary>
    D6 = 0x36,

    /// <summary>The digit 7.</summary>
    D7 = 0x3d,

    /// <summary>The digit 8.</summary>
    D8 = 0x3e,

    /// <summary>The digit 9.</summary>
    D9 = 0x46,

    /// <summary>Escape.</summary>
    Escape = 0x76,

    /// <summary>Tab.</summary>
    Tab = 0x0d,

    /// <summary>Space.</summary>
    Space = 0x29,

    /// <summary>Enter.</summary>
    Enter = 0x5a,

    /// <summary>Backspace.</summary>
    Backspace = 0x66,

    /// <summary>Caps lock.</summary>
    CapsLock = 0x58,

    /// <summary>Left shift.</summary>
    LeftShift = 0x12,

    /// <summary>Right shift.</summary>
    RightShift = 0x59,

    /// <summary>Left control.</summary>
    LeftControl = 0x14,

    /// <summary>Right control.</summary>
    RightControl = 0xe014,

    /// <summary>Left alt.</summary>
    LeftAlt = 0x11,

    /// <summary>Right alt.</summary>
    RightAlt = 0xe011,

    /// <summary>Left meta.</summary>
    LeftMeta = 0xe01f,

    /// <summary>Right meta.</summary>
    RightMeta = 0xe027,

    /// <summary>Menu.</summary>
    Menu = 0xe02f,

    /// <summary>Minus.</summary>
    Minus = 0x4e,

    /// <summary>Equal.</summary>
    Equal = 0x55,

    /// <summary>Left bracket.</summary>
    LeftBracket = 0x54,

    /// <summary>Right bracket.</summary>
    RightBracket = 0x5b,

    /// <summary>Backslash.</summary>
    Backslash = 0x5d,

    /// <summary>Semicolon.</summary>
    Semicolon = 0x4c,

    /// <summary>Apostrophe.</summary>
    Apostrophe = 0x52,

    /// <summary>Grave.</summary>
    Grave = 0x0e,

    /// <summary>Comma.</summary>
    Comma = 0x41,

    /// <summary>Period.</summary>
    Period = 0x49,

    /// <summary>Slash.</summary>
    Slash = 0x4a,

    /// <summary>Right of the left shift key, on keyboards of 102 keys.</summary>
    International = 0x61,

    /// <summary>Function key 1.</summary>
    F1 = 0x05,

    /// <summary>Function key 2.</summary>
    F2 = 0x06,

    /// <summary>Function key 3.</summary>
    F3 = 0x04,

    /// <summary>Function key 4.</summary>
    F4 = 0x0c,

    /// <summary>Function key 5.</summary>
    F5 = 0x03,

    /// <summary>Function key 6.</summary>
    F6 = 0x0b,

    /// <summary>Function key 7.</summary>
    F7 = 0x83,

    /// <summary>Function key 8.</summary>
    F8 = 0x0a,

    /// <summary>Function key 9.</summary>
    F9 = 0x01,

    /// <summary>Function key 10.</summary>
    F10 = 0x09,

    /// <summary>Function key 11.</summary>
    F11 = 0x78,

    /// <summary>Function key 12.</summary>
    F12 = 0x07,

    /// <summary>Scroll lock.</summary>
    ScrollLock = 0x7e,

    /// <summary>Num lock.</summary>
    NumLock = 0x77,

    /// <summary>Insert.</summary>
    Insert = 0xe070,

    /// <summary>Delete.</summary>
    Delete = 0xe071,

    /// <summary>Home.</summary>
    Home = 0xe06c,

    /// <summary>End.</summary>
    End = 0xe069,

    /// <summary>Page up.</summary>
    PageUp = 0xe07d,

    /// <summary>Page down.</summary>
    PageDown = 0xe07a,

    /// <summary>Up.</summary>
    Up = 0xe075,

    /// <summary>Down.</summary>
    Down = 0xe072,

    /// <summary>Left.</summary>
    Left = 0xe06b,

    /// <summary>Right.</summary>
    Right = 0xe074,

    /// <summary>0 of the keypad.</summary>
    Keypad0 = 0x70,

    /// <summary>1 of the keypad.</summary>
    Keypad1 = 0x69,

    /// <summary>2 of the keypad.</summary>
    Keypad2 = 0x72,

    /// <summary>3 of the keypad.</summary>
    Keypad3 = 0x7a,

    /// <summary>4 of the keypad.</summary>
    Keypad4 = 0x6b,

    /// <summary>5 of the keypad.</summary>
    Keypad5 = 0x73,

    /// <summary>6 of the keypad.</summary>
    Keypad6 = 0x74,

    /// <summary>7 of the keypad.</summary>
    Keypad7 = 0x6c,

    /// <summary>8 of the keypad.</summary>
    Keypad8 = 0x75,

    /// <summary>9 of the keypad.</summary>
    Keypad9 = 0x7d,

    /// <summary>Period of the keypad.</summary>
    KeypadPeriod = 0x71,

    /// <summary>Plus of the keypad.</summary>
    KeypadPlus = 0x79,

    /// <summary>Minus of the keypad.</summary>
    KeypadMinus = 0x7b,

    /// <summary>Multiply of the keypad.</summary>
    KeypadMultiply = 0x7c,

    /// <summary>Divide of the keypad.</summary>
    KeypadDivide = 0xe04a,

    /// <summary>Enter of the keypad.</summary>
    KeypadEnter = 0xe05a,

    /// <summary>Power.</summary>
    Power = 0xe037,
}
