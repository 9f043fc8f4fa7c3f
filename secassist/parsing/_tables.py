"""What the node types of each grammar are in the one form: data only; the reading is in `lowering`.

A row is (kind, field, field, ...); "a|b" means whichever field there is. Types without a row are "other".
"""

from typing import Final

Row = tuple[str, ...]

_NAMES: Final = (
    "identifier name variable_name constant type_identifier field_identifier property_identifier instance_variable "
    "global_variable class_variable this self super scoped_type_identifier predefined_type namespace_identifier "
    "package_identifier shorthand_property_identifier simple_symbol this_expression base_expression "
    "private_property_identifier relative_scope shorthand_property_identifier_pattern statement_identifier "
    "destructor_name operator_name qualified_name"
)
_STRINGS: Final = (
    "string template_string string_literal interpreted_string_literal raw_string_literal character_literal char_literal "
    "rune_literal encapsed_string heredoc nowdoc concatenated_string verbatim_string_literal text_block "
    "interpolated_string_expression raw_string_expression chained_string heredoc_body system_lib_string"
)
_NUMBERS: Final = (
    "integer float number decimal_integer_literal hex_integer_literal octal_integer_literal binary_integer_literal "
    "decimal_floating_point_literal int_literal float_literal number_literal integer_literal real_literal"
)
_CONSTS: Final = "true false null none nil null_literal boolean_literal boolean undefined"
_SINGLE: Final = (
    "parenthesized_expression expression_statement await await_expression argument switch_label literal_element "
    "condition_clause pattern_list subscript_argument_list template_substitution interpolation non_null_expression "
    "satisfies_expression checked_expression ref_expression by_ref case_pattern constant_pattern parenthesized_statements "
    "dotted_name variadic_unpacking yield as_expression type_conversion_expression interpolation_expression "
    "error_suppression_expression constant_expression string_content_wrapper embedded_statement global_statement"
)
_SKIPPED: Final = (
    "comment line_comment block_comment text_interpolation_end php_tag php_end_tag modifiers annotation marker_annotation "
    "type_arguments decorator attribute_list modifier package_clause package_declaration type_annotation "
    "type_parameters preproc_include preproc_def preproc_function_def empty_statement pass_statement "
    "import_statement import_declaration import_from_statement using_directive namespace_use_declaration "
    "future_import_statement dimensions html_comment interface_declaration type_alias_declaration"
)
_BLOCKS: Final = (
    "block statement_block compound_statement body_statement statement_list program module source_file "
    "translation_unit compilation_unit else_clause then else do ensure finally_clause declaration_list class_body "
    "switch_block_body namespace_definition namespace_declaration linkage_specification preproc_ifdef preproc_if "
    "preproc_else preproc_elif export_statement labeled_statement colon_block begin begin_block template_declaration "
    "unsafe_statement checked_statement lock_statement fixed_statement synchronized_statement ERROR enum_body_declarations "
    "field_declaration_list file_scoped_namespace_declaration global_statement field_initializer_list declare_statement"
)


def _rows(kind: str, names: str, *fields: str) -> dict[str, Row]:
    return dict.fromkeys(names.split(), (kind, *fields))


SHARED: Final[dict[str, Row]] = {
    **_rows("name", _NAMES),
    **_rows("string", _STRINGS),
    **_rows("number", _NUMBERS),
    **_rows("const", _CONSTS),
    **_rows("single", _SINGLE),
    **_rows("skip", _SKIPPED),
    **_rows("block", _BLOCKS),
    **_rows("attr", "attribute member_expression field_access field_expression selector_expression "
            "member_access_expression nullsafe_member_access_expression conditional_access_expression "
            "scoped_property_access_expression class_constant_access_expression scope_resolution qualified_identifier "
            "qualified_type member_binding_expression",
            "object|expression|operand|argument|scope|package|condition", "attribute|property|field|name"),
    **_rows("index", "subscript subscript_expression array_access index_expression element_access_expression "
            "element_reference slice_expression", "value|object|array|operand|argument|expression",
            "subscript|index|indices"),
    **_rows("call", "call_expression call invocation_expression function_call_expression", "function", "arguments"),
    **_rows("method", "method_invocation member_call_expression nullsafe_member_call_expression scoped_call_expression",
            "object|scope", "name", "arguments"),
    **_rows("new", "new_expression object_creation_expression composite_literal implicit_object_creation_expression "
            "array_creation_expression_java", "constructor|type|name", "arguments|body", "initializer"),
    **_rows("op", "binary_expression binary_operator boolean_operator comparison_operator binary "
            "logical_expression instanceof_expression is_expression is_pattern_expression", "left", "right"),
    **_rows("unary", "unary_expression unary_operator not_operator unary_op_expression unary prefix_unary_expression "
            "pointer_expression reference_expression", "argument|operand|operator_argument"),
    **_rows("update", "update_expression inc_statement dec_statement postfix_unary_expression", "argument"),
    **_rows("ternary", "conditional_expression ternary_expression conditional", "condition",
            "consequence|body", "alternative"),
    **_rows("list", "list tuple array array_initializer initializer_list expression_list set list_expression "
            "initializer_expression array_creation_expression argument_list bracketed_argument_list list_literal "
            "splat_argument tuple_expression arguments"),
    **_rows("map", "dictionary object hash literal_value anonymous_object_creation_expression"),
    **_rows("cast", "cast_expression type_assertion_expression reinterpret_cast_expression static_cast_expression",
            "type", "value|operand"),
    **_rows("assign", "assignment assignment_expression augmented_assignment augmented_assignment_expression "
            "assignment_statement short_var_declaration named_expression operator_assignment var_spec const_spec "
            "reference_assignment_expression field_definition public_field_definition property_element "
            "assignment_pattern const_element", "left|name|property", "right|value", "operator", "type"),
    **_rows("declare", "variable_declarator init_declarator", "name|declarator", "value", "type"),
    **_rows("function", "function_definition function_declaration method_declaration constructor_declaration "
            "method_definition method singleton_method local_function_statement generator_function_declaration "
            "arrow_function function_expression function lambda lambda_expression func_literal "
            "anonymous_function_creation_expression anonymous_function anonymous_method_expression "
            "generator_function anonymous_function_expression", "name|declarator", "parameters|parameter", "body"),
    **_rows("class", "class_definition class_declaration class class_specifier struct_specifier trait_declaration "
            "struct_declaration record_declaration enum_declaration module_declaration abstract_class_declaration "
            "object_declaration", "name", "body"),
    **_rows("if", "if_statement if unless elif_clause elsif else_if_clause if_modifier unless_modifier",
            "condition", "consequence|body", "alternative"),
    **_rows("each", "for_in_statement enhanced_for_statement foreach_statement for_range_loop range_clause",
            "left|name|declarator", "right|value", "body"),
    **_rows("while", "while_statement do_statement while until while_modifier until_modifier", "condition", "body"),
    **_rows("for", "for_statement", "initializer|initialize", "condition", "update|increment", "body"),
    **_rows("switch", "switch_statement switch_expression expression_switch_statement type_switch_statement "
            "match_statement case match_expression", "condition|value|subject", "body"),
    **_rows("case", "case_statement switch_case switch_default default_statement case_clause expression_case "
            "default_case switch_block_statement_group switch_rule switch_section when type_case "
            "match_conditional_expression match_default_expression", "value|pattern|conditional_expressions",
            "body|consequence"),
    **_rows("try", "try_statement try_with_resources_statement begin_rescue", "body"),
    **_rows("handler", "catch_clause except_clause rescue except_group_clause", "body"),
    **_rows("with", "with_statement using_statement", "body"),
    **_rows("return", "return_statement return"),
    **_rows("raise", "raise_statement throw_statement throw_expression"),
    **_rows("break", "break_statement break goto_statement"),
    **_rows("continue", "continue_statement next"),
    **_rows("pattern", "object_pattern array_pattern tuple_pattern left_assignment_list"),
    **_rows("intrinsic", "echo_statement print_intrinsic exit_statement include_expression include_once_expression "
            "require_expression require_once_expression shell_command_expression subshell delete_expression"),
    "text": ("page",),
    "text_interpolation": ("block",),
    "sizeof_expression": ("sizeof", "value", "type"),
    "keyed_element": ("pair", "key", "value"),
    "pair": ("pair", "key", "value"),
    "keyword_argument": ("pair", "name", "value"),
    "declaration": ("declarations",),
    "field_declaration": ("declarations",),
    "local_variable_declaration": ("declarations",),
    "jsx_attribute": ("jsx",),
}  # fmt: skip

OVERRIDES: Final[dict[str, dict[str, Row]]] = {
    "python": {
        "for_statement": ("each", "left", "right", "body"),
        "conditional_expression": ("pyternary",),
        "type": ("skip",),
        "list_comprehension": ("comprehension",),
        "generator_expression": ("comprehension",),
        "set_comprehension": ("comprehension",),
        "dictionary_comprehension": ("comprehension",),
        "as_pattern": ("alias",),
        "with_clause": ("block",),
        "with_item": ("single",),
        "decorated_definition": ("decorated", "definition"),
    },
    "javascript": {"for_in_statement": ("each", "left", "right", "body"), "regex": ("string",)},
    "java": {
        "resource": ("declare", "name", "value", "type"),
        "array_creation_expression": ("new", "type", "value", "value"),
        "explicit_constructor_invocation": ("call", "constructor", "arguments"),
    },
    "go": {
        "literal_value": ("map",),
        "func_literal": ("function", "name", "parameters", "body"),
        "slice_expression": ("slice", "operand", "start", "end"),
        "send_statement": ("send", "channel", "value"),
        "variadic_argument": ("single",),
    },
    "c": {"subscript_expression": ("index", "argument", "index|indices"), "char_literal": ("char",)},
    "php": {
        "foreach_statement": ("phpeach", "body"),
        "scoped_property_access_expression": ("attr", "scope", "name"),
        "array_element_initializer": ("element",),
        "encapsed_string": ("string",),
        "pair": ("pair", "", ""),
    },
    "csharp": {
        "foreach_statement": ("each", "left", "right", "body"),
        "anonymous_object_creation_expression": ("list",),
        "declaration_expression": ("named", "name"),
        "argument": ("argument",),
        "interpolation": ("argument",),
        "tuple_expression": ("tuple",),
        "property_declaration": ("property", "name"),
        "switch_expression": ("arms",),
    },
    "ruby": {
        "call": ("rubycall", "receiver", "method", "arguments", "block"),
        "for": ("each", "pattern", "value", "body"),
        "program": ("block",),
        "superclass": ("skip",),
    },
}
OVERRIDES["typescript"] = OVERRIDES["tsx"] = OVERRIDES["javascript"]
OVERRIDES["cpp"] = OVERRIDES["c"]


def table(language: str) -> dict[str, Row]:
    """All rows of one language."""
    return {**SHARED, **OVERRIDES.get(language, {})}
