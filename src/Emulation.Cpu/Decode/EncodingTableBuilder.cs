using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Emulation.Cpu.Decode;

/// <summary>Collects groups of emitters into an <see cref="EncodingTable{TEmitter, TWord}"/>.</summary>
/// <typeparam name="TEmitter">First parameter of every emitter method.</typeparam>
/// <typeparam name="TWord">Second parameter of every emitter method.</typeparam>
/// <param name="schema">Fields, features and operands.</param>
public sealed class EncodingTableBuilder<TEmitter, TWord>(EncodingSchema schema)
    where TWord : struct
{
    private const BindingFlags Emitters = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly List<EncodingRow> _rows = [];

    /// <summary>Adds the encodings of a class marked with <see cref="ExtensionAttribute"/>.</summary>
    /// <param name="group">The class.</param>
    /// <exception cref="FormatException">A pattern, requirement or emitter signature is wrong.</exception>
    public EncodingTableBuilder<TEmitter, TWord> Add(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type group)
    {
        ExtensionAttribute extension = group.GetCustomAttribute<ExtensionAttribute>()
            ?? throw new FormatException($"{group.Name} has no [Extension]");
        FeatureRequirement common = FeatureRequirement.Parse(extension.Requires ?? extension.Name, schema);
        foreach (ReservedAttribute reserved in group.GetCustomAttributes(typeof(ReservedAttribute), false))
            _rows.Add(Row(extension, common, reserved.Pattern, reserved.Requires, null, "", 0));
        foreach (MethodInfo method in group.GetMethods(Emitters))
        {
            object[] encodings = method.GetCustomAttributes(typeof(EncodingAttribute), false);
            if (encodings.Length == 0)
                continue;
            CheckSignature(group, method);
            nint pointer = method.MethodHandle.GetFunctionPointer();
            foreach (EncodingAttribute encoding in encodings)
                _rows.Add(Row(extension, common, encoding.Pattern, encoding.Requires, encoding.Syntax, method.Name, pointer));
        }

        return this;
    }

    /// <summary>Makes the table.</summary>
    public EncodingTable<TEmitter, TWord> Build() => new(schema, _rows);

    private EncodingRow Row(
        ExtensionAttribute extension, FeatureRequirement common, string pattern, string? requires, string? syntax, string method, nint emitter)
    {
        FeatureRequirement requirement = requires is null ? common : common.And(FeatureRequirement.Parse(requires, schema));
        return new EncodingRow(
            extension.Name, EncodingPattern.Parse(pattern, schema), requirement, syntax is null ? null : SyntaxTemplate.Parse(syntax), method, emitter);
    }

    // the table calls through untyped pointers
    private static void CheckSignature(Type group, MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (method.ReturnType != typeof(void) || parameters.Length != 2
            || parameters[0].ParameterType != typeof(TEmitter) || parameters[1].ParameterType != typeof(TWord))
        {
            throw new FormatException($"{group.Name}.{method.Name} is not void ({typeof(TEmitter).Name}, {typeof(TWord).Name})");
        }
    }
}
