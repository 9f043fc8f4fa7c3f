"""Formats of numbers in the Americas beside those of `_pii/formats_world`: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii.rules import Rule, always, near

_H, _LOW = Severity.HIGH, Severity.LOW
_CEDULA = "cédula|cedula"

RULES: tuple[Rule, ...] = (
    near("US_EIN", "ein|fein|employer identification|employer id|federal tax id", r"\d\d-?\d{7}", "us.ein", alone=False, severity=_LOW),
    near("US_PTIN", "ptin|preparer tax", r"P\d{8}", alone=False),
    near("US_HEALTH_INSURANCE_ID", "health insurance|insurance member|insurance id|subscriber id|medicaid|health plan", r"[A-Z]{1,4}\d{6,12}|\d{9,12}",
         alone=False),
    near("VIN", "vin|vehicle identification|chassis number|chassis no|fahrgestell", r"[A-HJ-NPR-Z0-9]{13}\d{4}", "vin", alone=False, severity=_LOW),
    near("CA_HEALTH_ID", "phn|personal health|care card|carecard", r"9\d{3}[ \-]?\d{3}[ \-]?\d{3}", "ca.bc_phn", alone=False, sure=True),
    near("CA_HEALTH_ID", "ohip|health card", r"\d{4}[ \-]?\d{3}[ \-]?\d{3}(?:-?[A-Z]{2})?", "luhn", alone=False, sure=True),
    near("CA_BUSINESS_NUMBER", "business number|bn|gst|hst", r"\d{9}(?:R[CMPRT]\d{4})?", "ca.bn", alone=False, severity=_LOW),
    always("MX_CURP", r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\d", "mx.curp", "curp|clave única", sure=True, strong=True,
           severity=_H),
    near("MX_RFC", "rfc|contribuyente|registro federal", r"[A-Z&]{3,4}\d{6}[A-Z0-9]{3}", "mx.rfc", sure=True),
    near("MX_NSS", "nss|imss|seguro social|seguridad social", r"\d\d[ \-]?\d\d[ \-]?\d\d[ \-]?\d{4}[ \-]?\d", "luhn", alone=False, sure=True, severity=_H),
    near("MX_BANK_ACCOUNT", "clabe|cuenta", r"\d{18}", "mx_clabe", alone=False, sure=True, severity=_H),
    near("BR_IDENTITY_CARD", "rg|registro geral|identidade", r"\d{1,2}\.\d{3}\.\d{3}-[0-9Xx]", alone=False),
    near("BR_IDENTITY_CARD", "registro geral|carteira de identidade", r"\d{8,9}", alone=False),
    near("BR_PIS", "pis|pasep|nis|nit", r"\d{3}\.?\d{5}\.?\d\d-?\d", "br_pis", alone=False, sure=True, severity=_H),
    near("BR_DRIVER_LICENSE", "cnh|habilitação|habilitacao", r"\d{11}", "br_cnh", alone=False, sure=True),
    near("BR_VOTER_ID", "título de eleitor|titulo de eleitor|título eleitoral|titulo eleitoral|voter", r"\d{4} ?\d{4} ?\d{4}", "br_voter",
         alone=False, sure=True),
    near("BR_HEALTH_ID", "cns|cartão sus|cartao sus|cartão nacional|saúde", r"[1-2789]\d{2} ?\d{4} ?\d{4} ?\d{4}", "br_cns", alone=False, sure=True),
    near("AR_CUIT", "cuit|cuil|afip", r"(?:2[03467]|3[034])-?\d{8}-?\d", "ar.cuit", alone=False, sure=True, severity=_H),
    near("AR_DNI", "dni|documento nacional|número de documento|numero de documento|nro de documento", r"\d{1,2}\.\d{3}\.\d{3}|\d{7,8}", "ar.dni", alone=False),
    near("AR_BANK_ACCOUNT", "cbu|cvu", r"\d{22}", "ar.cbu", alone=False, sure=True, severity=_H),
    always("CL_RUT", r"\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]", "cl.rut", "rut|rol único|rol unico", sure=True, severity=_H),
    near("CL_RUT", "rut|rol único|rol unico", r"\d{7,8}-?[0-9Kk]", "cl.rut", alone=False, sure=True, severity=_H),
    near("CO_NIT", "nit|tributaria", r"\d{3}\.?\d{3}\.?\d{3}-?\d", "co.nit", alone=False, sure=True),
    near("CO_NATIONAL_ID", f"{_CEDULA}|ciudadanía|ciudadania", r"\d{1,3}(?:\.\d{3}){2,3}|\d{8,10}", alone=False),
    near("PE_DNI", "dni|documento nacional", r"\d{8}-?[0-9A-K]", "pe.cui", alone=False, sure=True),
    near("PE_DNI", "dni|documento nacional", r"\d{8}", alone=False),
    near("PE_RUC", "ruc|contribuyente", r"[12]\d{10}", "pe.ruc", alone=False, sure=True),
    near("EC_NATIONAL_ID", _CEDULA, r"\d{9}-?\d", "ec.ci", alone=False, sure=True),
    near("EC_RUC", "ruc", r"\d{13}", "ec.ruc", alone=False, sure=True),
    near("UY_NATIONAL_ID", f"{_CEDULA}|documento", r"\d\.\d{3}\.\d{3}-\d|\d{7}-\d", "uy_ci", alone=False, sure=True),
    near("UY_RUT", "rut|dgi", r"(?:0[1-9]|1\d|2[0-2])\d{6}001\d", "uy.rut", alone=False, sure=True, severity=_LOW),
    near("VE_RIF", f"rif|{_CEDULA}", r"[VEJPG]-?\d{8}-?\d", "ve.rif", sure=True),
    near("VE_NATIONAL_ID", _CEDULA, r"[VE]-?\d{1,2}\.?\d{3}\.?\d{3}", alone=False),
    near("DO_NATIONAL_ID", _CEDULA, r"\d{3}-?\d{7}-?\d", "do.cedula", alone=False, sure=True),
    near("CR_NATIONAL_ID", _CEDULA, r"0?[1-9]-\d{4}-\d{4}", "cr.cpf", alone=False, sure=True),
    near("PY_RUC", "ruc", r"\d{5,8}-\d", "py.ruc", alone=False, sure=True),
)  # fmt: skip
